/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The supervisor's containers. The kernel's table is the truth about them; kept
 * here is what the kernel does not know: the child to reap, its log, its cgroup,
 * its state folder, who waits for it.
 */
#ifndef SUPERVISOR_REGISTRY_H
#define SUPERVISOR_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include <json-c/linkhash.h>

#include "cgroup/cgroup.h"
#include "overlay/remover.h"
#include "base/loop.h"
#include "control/outcome.h"
#include "base/place.h"
#include "control/request.h"
#include "waiter.h"

struct launch_job;
struct supervisor;

/**
 * enum phase - where the supervisor stands with a container
 * @PHASE_LAUNCHING: from its creation until execve() has succeeded or failed
 * @PHASE_LIVE: until it is dead, its log complete, its cgroup gone and its state
 *	folder put aside
 * @PHASE_FAILED: its start failed and is being undone; then it is forgotten
 * @PHASE_ENDED: nothing is left of it but its record and its log
 */
enum phase {
	PHASE_LAUNCHING,
	PHASE_LIVE,
	PHASE_FAILED,
	PHASE_ENDED,
};

struct container {
	TAILQ_ENTRY(container) link;
	struct supervisor *supervisor;
	enum phase phase;

	char *name;
	uint64_t id; /* the kernel's; 0: not registered */
	struct string_list command;
	char *rootfs; /* the base, where overlay is set */
	bool overlay;
	struct place root; /* of rootfs, where overlay is not set */
	char *warning;	   /* for those who wait for its start; NULL: none */
	/* The ended one of the same name that this one takes the place of. */
	struct container *replaces;
	struct container *replaced_by;

	struct launch_job *job;	 /* while launching */
	struct loop_source sync; /* job's news */
	char *failure;		 /* PHASE_FAILED: what to answer */
	int failure_code;

	bool adopted; /* an earlier supervisor started it; see recover.h */

	pid_t pid;		  /* 0: its init is dead and reaped */
	struct loop_source pidfd; /* owns the descriptor */
	int wait_code;		  /* si_code and si_status of the dead */
	int wait_status;
	bool reaping; /* that it is dead is being noted */

	struct outcome now;	      /* as the kernel's last news has it */
	enum purser_state live_state; /* the last state before EXITED */
	bool final;		      /* now will not change any more */
	bool unregistered;	      /* the kernel has no record of it */

	struct log_settings log;
	uint64_t log_key;  /* its name in the log pipeline */
	char *log_path;	   /* NULL: it keeps no log */
	char *token;	   /* as in struct start_request */
	bool log_claimed;  /* the file is this container's */
	bool log_had_old;  /* there is an earlier one, which got a number */
	bool log_open;	   /* the pipeline works on it */
	uint64_t log_lost; /* bytes that were given up */
	int log_error;	   /* why */

	char *run_path; /* its run folder, see rundir.h */
	bool run_made;

	struct cgroup cgroup; /* from before its birth until it is reaped */

	char *state_path;
	bool state_made;
	struct cleaner_job cleaning;

	struct waiter_list waiters;
	bool seen; /* scratch of a look at the whole table */
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

/** registry_name() - NULL where there is none */
struct container *registry_name(const struct registry *registry,
				const char *name);
/** registry_id() - by the kernel's id; NULL where there is none */
struct container *registry_id(const struct registry *registry, uint64_t id);
/** registry_key() - by its key in the log pipeline; NULL where there is none */
struct container *registry_key(const struct registry *registry, uint64_t key);

/**
 * registry_new_key() - a key that no container of this boot has had
 * A time, so that it is later than those of a supervisor before this one; those
 * of them that are known have to be told by registry_avoid_key() all the same.
 */
uint64_t registry_new_key(struct registry *registry);
void registry_avoid_key(struct registry *registry, uint64_t key);

/**
 * registry_add() - enter a container under its name and its log key
 * One that has ended and holds the name becomes the one that it replaces.
 */
int registry_add(struct registry *registry, struct container *c);
/** registry_set_id() - it has a record now; 0 takes it away */
int registry_set_id(struct registry *registry, struct container *c,
		    uint64_t id);
/** registry_remove() - what it replaces gets the name back */
void registry_remove(struct registry *registry, struct container *c);

/** container_new() - not entered yet; NULL where memory ran out */
struct container *container_new(struct supervisor *supervisor,
				const char *name);
/** container_command() - wherever it is now */
const struct string_list *container_command(const struct container *c);
/** container_free() - frees memory, and ends nothing */
void container_free(struct container *c);

#endif /* SUPERVISOR_REGISTRY_H */
