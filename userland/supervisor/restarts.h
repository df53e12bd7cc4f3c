/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Starting ended containers again: the decision, and the list of those that wait for it.
 *
 * The kernel's reason decides. A container that was stopped is not started again. An exit
 * with code 0 is a success. Every other end is a failure, also that of a hard limit.
 *
 * Before each restart the supervisor waits: 100 ms after the first failure, then twice as
 * long each time, at most a minute. If a container has run for 10 seconds, the next wait
 * is 100 ms again. One timer serves all waiting containers.
 */
#ifndef SUPERVISOR_RESTARTS_H
#define SUPERVISOR_RESTARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/loop.h"
#include "registry.h"

#define RESTART_DELAY_MIN_MS 100
#define RESTART_DELAY_MAX_MS 60000
/* A container that has run that long does not fail again and again. */
#define RESTART_STEADY_MS 10000

struct restart;

/** struct restarts - the names of all containers that wait, or that a policy has started */
struct restarts {
	TAILQ_HEAD(restart_list, restart) all;
	struct loop *loop;
	struct loop_source timer; /* for the next one that is due */
	/* Start the container @name. */
	void (*start)(struct restarts *restarts, const char *name);
};

void restarts_init(struct restarts *restarts, struct loop *loop,
		   void (*start)(struct restarts *restarts, const char *name));
/** restarts_clear() - forget all names; nothing is started any more */
void restarts_clear(struct restarts *restarts);

/**
 * restarts_add() - start the container @name soon: at once, or after the next delay
 * Returns 0 or a negative errno.
 */
int restarts_add(struct restarts *restarts, const char *name, bool at_once);
/** restarts_cancel() - forget @name; returns whether it was waiting */
bool restarts_cancel(struct restarts *restarts, const char *name);
/** restarts_waits() - tell whether @name is waiting for its start */
bool restarts_waits(const struct restarts *restarts, const char *name);

/** restart_delay() - the next delay in milliseconds, after @last, and @ran_ms of running */
int64_t restart_delay(int64_t last, int64_t ran_ms);

/** restart_follows() - tell whether a policy starts a container again after this end */
bool restart_follows(const struct container_again *again,
		     const struct outcome *outcome);
/** restart_is_allowed() - tell whether the policy allows another attempt after a failure */
bool restart_is_allowed(const struct container_again *again);

#endif /* SUPERVISOR_RESTARTS_H */
