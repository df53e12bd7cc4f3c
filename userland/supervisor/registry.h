/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The supervisor's containers. The kernel's table is the truth about them; kept
 * here is what the kernel does not know: the child to reap, who waits, and what a
 * container has on the host. Each thing on the host has a file that makes it, takes
 * it over from an earlier supervisor, and removes it: run_folder.h, layer.h,
 * container_cgroup.h, container_log.h.
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
#include "base/strings.h"
#include "cgroup/cgroup.h"
#include "control/outcome.h"
#include "control/server.h"
#include "log/settings.h"
#include "overlay/remover.h"

struct launch_job;
struct supervisor;

/**
 * enum phase - where the supervisor stands with a container
 * @PHASE_LAUNCHING: from its creation until execve() has succeeded or failed
 * @PHASE_LIVE: until it is dead, its log is complete, its cgroup is gone and its
 *	writable layer is put aside
 * @PHASE_FAILED: its start failed and is being undone; then it is forgotten
 * @PHASE_ENDED: nothing is left of it but its record and its log
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
	int wait_code;		  /* si_code and si_status of the dead */
	int wait_status;
};

/** struct container_root - @place is all zero if it has an overlay */
struct container_root {
	char *path; /* or the base of its overlay */
	struct place place;
};

/** struct container_log - its log, see container_log.h */
struct container_log {
	struct log_settings settings;
	uint64_t key;  /* its name in the log pipeline */
	char *path;    /* NULL: it keeps no log */
	bool claimed;  /* the file is this container's */
	bool had_old;  /* there is an earlier one, which got a number */
	bool open;     /* the pipeline works on it */
	uint64_t lost; /* bytes that were given up */
	int error;     /* why */
};

/** struct container_layer - what its overlay writes, see layer.h */
struct container_layer {
	char *path; /* NULL: there is none, or it is gone */
	struct remover_job removal;
};

struct container {
	TAILQ_ENTRY(container) link;
	struct supervisor *supervisor;
	enum phase phase;

	char *name;
	uint64_t id; /* the kernel's; 0: it has no record */
	struct string_list command;
	char *token; /* as in struct start_request */
	/* The ended one of the same name that this one takes the place of. */
	struct container *replaces;
	struct container *replaced_by;
	struct waiter_list waiters;

	bool adopted; /* an earlier supervisor started it; see recover.h */
	struct container_init init;
	struct launch_job *job;	 /* while launching */
	struct loop_source sync; /* job's news */
	char *warning; /* for clients that wait for its start, or NULL */
	struct failure failure; /* PHASE_FAILED: why */

	struct outcome now;	      /* as the kernel's last news has it */
	enum purser_state live_state; /* the last state before EXITED */
	bool seen;		      /* for reread() in mirror.c */

	struct container_root root;
	char *run_folder;     /* NULL: it has none */
	struct cgroup cgroup; /* from before its birth until it is reaped */
	struct container_layer layer;
	struct container_log log;
};

TAILQ_HEAD(container_list, container);

struct registry {
	struct container_list all;
	size_t n_unfinished;	  /* all but PHASE_ENDED */
	struct lh_table *by_name; /* without those being replaced */
	struct lh_table *by_id;
	struct lh_table *by_key;
	uint64_t last_key; /* that was given away */
};

int registry_init(struct registry *registry);
/** registry_free() - every container was forgotten before */
void registry_free(struct registry *registry);

/** registry_name() - NULL if there is none */
struct container *registry_name(const struct registry *registry,
				const char *name);
/** registry_id() - by the kernel's id; NULL if there is none */
struct container *registry_id(const struct registry *registry, uint64_t id);
/** registry_key() - by its key in the log pipeline; NULL if there is none */
struct container *registry_key(const struct registry *registry, uint64_t key);

/**
 * registry_new_key() - a key that no container of this boot has had
 * It is a time, so that it is later than the keys of an earlier supervisor. Keys of an
 * earlier supervisor that are known must be passed to registry_avoid_key() all the
 * same.
 */
uint64_t registry_new_key(struct registry *registry);
void registry_avoid_key(struct registry *registry, uint64_t key);

/**
 * registry_add() - enter a container under its name and its log key
 * It replaces an ended container of that name.
 */
int registry_add(struct registry *registry, struct container *c);
/** registry_set_id() - it has a record now; 0 takes it away */
int registry_set_id(struct registry *registry, struct container *c,
		    uint64_t id);
/** registry_remove() - a container that it replaces gets the name back */
void registry_remove(struct registry *registry, struct container *c);

/** container_new() - not entered yet; NULL: memory ran out */
struct container *container_new(struct supervisor *supervisor,
				const char *name);
/** container_free() - free memory; it ends nothing */
void container_free(struct container *c);

/** container_is_final() - the kernel has said how it ended: no news can change it */
static inline bool container_is_final(const struct container *c)
{
	return c->now.state == PURSER_STATE_EXITED;
}

/** container_is_unregistered() - it ran, and the kernel has no record of it any more */
static inline bool container_is_unregistered(const struct container *c)
{
	return c->phase != PHASE_FAILED && !c->id;
}

#endif /* SUPERVISOR_REGISTRY_H */
