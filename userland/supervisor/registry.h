/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The supervisor's containers. The kernel's table has their state. The registry has what
 * the kernel does not know: the child to reap, the waiting clients, and the things that a
 * container has on the host. For each of these things there is a file that makes it,
 * takes it over from an earlier supervisor, and removes it: run_folder.h, layer.h,
 * container_cgroup.h and container_log.h.
 */
#ifndef SUPERVISOR_REGISTRY_H
#define SUPERVISOR_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include <json-c/linkhash.h>

#include "base/failure.h"
#include "base/loop.h"
#include "base/place.h"
#include "base/report.h"
#include "base/strings.h"
#include "cgroup/cgroup.h"
#include "control/outcome.h"
#include "control/request.h"
#include "control/server.h"
#include "log/settings.h"
#include "overlay/remover.h"

struct launch_job;
struct supervisor;

/**
 * enum phase - what the supervisor has to do for a container
 * @PHASE_LAUNCHING: it is being started, until execve() has succeeded or failed
 * @PHASE_LIVE: until it is dead, its log is complete, its cgroup is removed and its
 *	writable layer is put aside
 * @PHASE_FAILED: its start failed and is being undone; then it is freed
 * @PHASE_ENDED: only its record and its log are left
 */
enum phase {
	PHASE_LAUNCHING,
	PHASE_LIVE,
	PHASE_FAILED,
	PHASE_ENDED,
};

/** struct container_init - its first process */
struct container_init {
	pid_t pid;		  /* 0: it is dead, and reaped */
	struct loop_source pidfd; /* owns the descriptor */
	int wait_code;		  /* si_code and si_status, when it is dead */
	int wait_status;
};

/** struct container_root - @place is all zero if it has an overlay */
struct container_root {
	char *path; /* its root, or the base of its overlay */
	struct place place;
};

/** struct container_log - its log, see container_log.h */
struct container_log {
	struct log_settings settings;
	uint64_t key;  /* of its source in the log pipeline */
	char *path;    /* NULL: it has no log */
	bool claimed;  /* the file belongs to this container */
	bool had_old;  /* an earlier file was renamed, to a number */
	bool trimmed;  /* its numbers have no gap, see container_trim_log() */
	bool open;     /* the pipeline is not done with it */
	uint64_t lost; /* how many bytes were given up */
	int error;     /* why: a negative errno, or 0 */
};

/** struct container_layer - its writable layer, see layer.h */
struct container_layer {
	char *path; /* NULL: there is none, or it is gone */
	struct remover_job removal;
};

/** struct container_again - what follows its end, see restarts.h */
struct container_again {
	enum restart_policy policy;
	uint32_t max;	   /* of RESTART_ON_FAILURE; 0: any number of times */
	uint32_t restarts; /* how often the policy has started it */
	bool by_policy;	   /* the policy has started it, not a client */
	bool wanted;	   /* a client wants it to start again after its end */
	bool auto_remove;
	bool keep; /* its layer, see layer.h */
	struct stop_choice stop;
};

/** struct container_ids - the ids that it has outside, see ids.h */
struct container_ids {
	bool known;	/* false: an earlier supervisor has chosen them */
	uint32_t first; /* what its root is outside; 0: root */
};

struct container {
	TAILQ_ENTRY(container) link;
	struct supervisor *supervisor;
	enum phase phase;

	char *name;
	uint64_t id; /* in the kernel's table; 0: it has no record */
	struct string_list command;
	char *token; /* as in struct start_request */
	/* The ended container of the same name that this one replaces, and vice versa. */
	struct container *replaces;
	struct container *replaced_by;
	struct waiter_list waiters;

	bool adopted; /* an earlier supervisor started it; see recover.h */
	struct container_init init;
	struct loop_source patience; /* a timer, see unregistered.h */
	struct launch_job *job;	     /* PHASE_LAUNCHING */
	struct loop_source sync;     /* of the job */
	char *warning; /* for clients that wait for its start, or NULL */
	struct failure failure; /* PHASE_FAILED: why */

	struct outcome now;	      /* from the kernel's last event */
	enum purser_state live_state; /* the last state before EXITED */
	bool seen;		      /* for reread() in mirror.c */

	struct container_again again;
	struct container_ids ids;
	struct container_root root;
	char *run_folder; /* NULL: it has none */
	struct cgroup cgroup;
	struct container_layer layer;
	struct container_log log;
};

TAILQ_HEAD(container_list, container);

struct registry {
	struct container_list all;
	size_t n_unfinished;	  /* all but PHASE_ENDED */
	struct lh_table *by_name; /* all but those being replaced */
	struct lh_table *by_id;
	struct lh_table *by_key;
	uint64_t last_key; /* of registry_new_key() */
};

int registry_init(struct registry *registry);
/** registry_free() - free an empty registry */
void registry_free(struct registry *registry);

/** registry_name() - find a container by its name; NULL: there is none */
struct container *registry_name(const struct registry *registry,
				const char *name);
/** registry_id() - find a container by its id in the kernel's table */
struct container *registry_id(const struct registry *registry, uint64_t id);
/** registry_key() - find a container by its key in the log pipeline */
struct container *registry_key(const struct registry *registry, uint64_t key);

/**
 * registry_new_key() - make a key that no container of this boot has had
 * A key is a time, so it is greater than all keys of an earlier supervisor. Known keys of
 * an earlier supervisor must be passed to registry_avoid_key() nevertheless.
 */
uint64_t registry_new_key(struct registry *registry);
void registry_avoid_key(struct registry *registry, uint64_t key);

/**
 * registry_add() - add a container under its name and its log key
 * It replaces an ended container of that name.
 */
int registry_add(struct registry *registry, struct container *c);
/** registry_set_id() - set the id of the container's record; 0: it has no record */
int registry_set_id(struct registry *registry, struct container *c,
		    uint64_t id);
/** registry_remove() - remove a container; one that it replaces gets the name back */
void registry_remove(struct registry *registry, struct container *c);

/** container_new() - make a container, not in the registry yet; NULL: out of memory */
struct container *container_new(struct supervisor *supervisor,
				const char *name);
/** container_free() - free the memory of a container; no process is ended */
void container_free(struct container *c);

/** container_warning() - print a warning about a container; @err: negative errno, or 0 */
#define container_warning(c, err, format, ...)                            \
	report_warning_errno(err, "container \"%s\": " format, (c)->name, \
			     ##__VA_ARGS__)

/** container_is_final() - whether the kernel has said how it ended */
static inline bool container_is_final(const struct container *c)
{
	return c->now.state == PURSER_STATE_EXITED;
}

/** container_is_unregistered() - whether it has run and its record was removed */
static inline bool container_is_unregistered(const struct container *c)
{
	return c->phase != PHASE_FAILED && !c->id;
}

#endif /* SUPERVISOR_REGISTRY_H */
