/* SPDX-License-Identifier: GPL-2.0 */
/* Clients that wait for a container to start or to end. */
#ifndef SUPERVISOR_WAITER_H
#define SUPERVISOR_WAITER_H

#include "registry.h"

/**
 * enum waiter_kind - the request that waits
 * @WAIT_START: for the start
 * @WAIT_RUN: for the start, then for the end
 * @WAIT_STOP: for the end
 * @WAIT_END: for the end alone
 * @WAIT_RESTART: for the end, then for the start of the container that replaces it
 * @WAIT_REMOVE: for the end; then the container is removed
 * @WAIT_READ: for nothing: a client of WAIT_RUN may still read the log of a container that
 *	is to be removed. The removal waits until the client asks for it, or is gone
 */
enum waiter_kind {
	WAIT_START,
	WAIT_RUN,
	WAIT_STOP,
	WAIT_END,
	WAIT_RESTART,
	WAIT_REMOVE,
	WAIT_READ,
};

/** waiter_add() - @client waits for @c; 0 or -ENOMEM */
int waiter_add(struct client *client, struct container *c,
	       enum waiter_kind kind);

/** waiter_operation() - the name of the request */
const char *waiter_operation(enum waiter_kind kind);

/** waiters_started() - answer all clients that wait for the start */
void waiters_started(struct container *c);
/** waiters_failed() - answer all waiting clients: the start failed with c->failure */
void waiters_failed(struct container *c);
/** waiters_ended() - answer all that wait for the end, with the outcome c->now */
void waiters_ended(struct container *c);

/** waiters_move() - those that wait for a restart of @from now wait for the start of @to */
void waiters_move(struct container *from, struct container *to);
/** waiters_refuse() - answer all that still wait with @failure; returns whether there were any */
bool waiters_refuse(struct container *c, const struct failure *failure);

/** waiter_answer() - answer request @op of @client with the outcome of @c */
void waiter_answer(struct client *client, const char *op,
		   const struct container *c);

/** waiters_read() - tell whether a client may still read the log of @c */
bool waiters_read(const struct container *c);
/**
 * waiters_take_reader() - free one waiter of WAIT_READ of a client that is closed
 * Returns its container, which nobody may be reading any more; NULL: there was none.
 */
struct container *waiters_take_reader(struct waiter_list *of_client);

/** waiters_drop() - free all waiters of a client that is closed */
void waiters_drop(struct waiter_list *of_client);

#endif /* SUPERVISOR_WAITER_H */
