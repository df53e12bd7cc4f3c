/* SPDX-License-Identifier: GPL-2.0 */
/* The client's end of the control protocol: it may block, and reports errors. */
#ifndef ENGINE_CLIENT_H
#define ENGINE_CLIENT_H

#include <json-c/json.h>

#include "protocol.h"

struct connection {
	int fd;
	struct inbox in;
};

/**
 * connection_open() - connect to the supervisor of a run directory
 * Returns an enum exit_code; connection_close() is allowed in any case.
 */
int connection_open(struct connection *connection, const char *run_dir);
void connection_close(struct connection *connection);

/**
 * connection_send() - send @message, which is taken over; NULL: out of memory
 * Returns an enum exit_code.
 */
int connection_send(struct connection *connection, struct json_object *message);

/**
 * connection_receive() - the next reply, for json_object_put()
 * Returns an enum exit_code. A reply of type "error" is reported and its code
 * returned; so is a supervisor that went away.
 */
int connection_receive(struct connection *connection,
		       struct json_object **reply);

/**
 * connection_take() - the next reply that is there, errors among them
 * For callers that wait by themselves. Returns 1, 0 where none is complete, or
 * a negative errno: -ECONNRESET where none will come any more.
 */
int connection_take(struct connection *connection, struct json_object **reply);

/** reply_failure() - report the error that @reply tells; its enum exit_code */
int reply_failure(struct json_object *reply);

/** reply_is_strange() - report that @reply makes no sense; an enum exit_code */
int reply_is_strange(void);

#endif /* ENGINE_CLIENT_H */
