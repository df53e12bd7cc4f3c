/* SPDX-License-Identifier: GPL-2.0 */
/*
 * struct supervisor holds all parts of a supervisor. There is no supervisor.c; serve.h
 * has the function that runs it.
 */
#ifndef SUPERVISOR_SUPERVISOR_H
#define SUPERVISOR_SUPERVISOR_H

#include <stdbool.h>

#include "base/loop.h"
#include "base/paths.h"
#include "base/place.h"
#include "cgroup/tree.h"
#include "control/request.h"
#include "control/server.h"
#include "id_pool.h"
#include "kernel.h"
#include "log/pipeline.h"
#include "overlay/folder.h"
#include "overlay/storage.h"
#include "registry.h"
#include "restarts.h"
#include "rlimits.h"

/**
 * enum own_folder - the supervisor's own folders
 * A container's root must not be one of them, contain one or be inside one; but it may
 * be inside the host's root.
 */
enum own_folder {
	OWN_HOST,
	OWN_BASE,
	OWN_RUN,
	OWN_STATE,
	OWN_LOG,
	N_OWN_FOLDERS,
};

/** struct shutdown - how far the supervisor's end has come, see shutdown.h */
struct shutdown {
	bool stopping;		     /* refuse starts */
	bool hurrying;		     /* give no grace period */
	bool leaving;		     /* exit at once, as if killed */
	bool out_of_patience;	     /* do not wait for logs any longer */
	struct loop_source patience; /* a timer: how long to wait for logs */
};

/** struct roots - the folders of a supervisor: absolute paths without symbolic links */
struct roots {
	char *run;
	char *state;
	char *log;
	char *base; /* the base rootfs of overlays */
};

struct supervisor {
	struct roots roots;
	int base_fd; /* the base, opened when the supervisor started */
	struct place own[N_OWN_FOLDERS];
	int lock_fd;
	char *lock_path;
	char *run_folders; /* the folder of the containers' run folders */
	struct container_rlimits rlimits; /* of containers */
	enum userns_mode userns;	  /* if the request does not choose */
	struct failure *userns_not; /* why USERNS_PLAIN is the host's; or NULL */
	struct id_pool ids;
	bool userns_probed;
	const char *
		userns_lacks; /* why there can be no user namespaces; NULL: there can */
	struct cgroup_tree cgroups;

	struct loop loop;
	struct kernel kernel;
	bool alone; /* no live container of another supervisor, see neighbours.c */
	struct registry registry;
	struct restarts restarts;
	size_t max_requests; /* of containers that have no record any more */
	struct control control;
	struct loop_source signals; /* owns the descriptor */
	struct shutdown shutdown;

	struct log_pipeline *logs;
	char *log_folder; /* of the pipeline */
	struct log_settings log_defaults;
	int64_t log_give_up_ms; /* or LOG_NEVER */
	struct loop_source log_news;

	struct storage storage;
	struct state_folders layers;
	int state_fd; /* the locked state directory, see leftovers.c */
	struct loop_source remover_news;
};

#endif /* SUPERVISOR_SUPERVISOR_H */
