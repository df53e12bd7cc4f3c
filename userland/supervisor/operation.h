/* SPDX-License-Identifier: GPL-2.0 */
/* What the operations of the control protocol have in common. */
#ifndef SUPERVISOR_OPERATION_H
#define SUPERVISOR_OPERATION_H

#include "supervisor.h"
#include "waiter.h"

/**
 * operation_fn - answer request @m, now or later
 * Returns 0, or -1 with the failure to answer.
 */
typedef int (*operation_fn)(struct client *client, struct json_object *m,
			    struct failure *failure);

static inline struct supervisor *supervisor_of(const struct client *client)
{
	return client->control->owner;
}

/** operation_id() - read the id that a request names; 0, or -1 with @failure filled */
int operation_id(struct json_object *m, const char **id,
		 struct failure *failure);
/** operation_find() - find its container; NULL: there is none, and @failure is filled */
struct container *operation_find(struct client *client, struct json_object *m,
				 struct failure *failure);

/** operation_wait() - have a client wait for @c */
int operation_wait(struct client *client, struct container *c,
		   enum waiter_kind kind, struct failure *failure);

/** struct stop - the fields of a stop */
struct stop {
	int signal;
	uint64_t grace_ms;
	bool wait;
};

/** operation_default_stop() - how @c, or with NULL any, is stopped by default */
struct stop operation_default_stop(const struct container *c);
/** operation_read_stop() - read the fields of a stop of @c; it has defaults for them */
int operation_read_stop(const struct container *c, struct json_object *m,
			struct stop *stop, struct failure *failure);
/** operation_stop() - ask the kernel to stop @c; @already: it is already about to end */
int operation_stop(struct container *c, const struct stop *stop, bool *already,
		   struct failure *failure);

#endif /* SUPERVISOR_OPERATION_H */
