/* SPDX-License-Identifier: GPL-2.0 */
/* The supervisor as a whole: what its parts find each other by. */
#ifndef SUPERVISOR_SUPERVISOR_H
#define SUPERVISOR_SUPERVISOR_H

#include <stdbool.h>

#include "cgroup/tree.h"
#include "overlay/remover.h"
#include "registry.h"
#include "control/server.h"
#include "kernel.h"
#include "log/pipeline.h"
#include "base/loop.h"
#include "base/paths.h"
#include "base/place.h"
#include "rlimits.h"
#include "root.h"
#include "settings.h"
#include "overlay/storage.h"

struct supervisor {
	struct roots roots;
	int base_fd; /* the base, opened when the supervisor started */
	struct place own[N_OWN_FOLDERS];
	int lock_fd;
	char *lock_path;
	char *run_folders; /* the folder of the containers' run folders */
	struct container_rlimits rlimits;
	struct cgroup_tree cgroups;

	struct loop loop;
	struct kernel kernel;
	struct registry registry;
	struct control control;
	struct log_pipeline *logs;
	char *log_folder; /* of the pipeline */
	struct log_settings log_defaults;
	int64_t log_give_up_ms; /* or LOG_NEVER */
	struct loop_source log_news;
	struct storage storage;
	struct cleaner *cleaner;
	struct loop_source cleaner_news;
	struct loop_source signals; /* owns the descriptor */

	struct loop_source patience; /* with logs, at the end; see shutdown.c */
	int patience_fd;	     /* its timer */

	bool stopping; /* no starts any more */
	bool out_of_patience;
	bool hurrying;	      /* nor any grace */
	bool leaving;	      /* to end at once, as if killed */
	unsigned int n_stale; /* folders put aside, see overlay/folder.c */
};

/** supervisor_run() - "engine supervisor"; returns an enum exit_code */
int supervisor_run(const struct supervisor_options *options);

#endif /* SUPERVISOR_SUPERVISOR_H */
