/* SPDX-License-Identifier: GPL-2.0 */
/* The client's end of the control protocol: it may block, and reports errors. */
#ifndef CONTROL_CONNECTION_H
#define CONTROL_CONNECTION_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

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
 * connection_try() - connection_open() that reports nothing
 * Returns 0 or a negative errno, for connection_is_absent() to judge and
 * connection_failed() to report; -EREMOTE: who serves is neither root nor the
 * caller's own user. connection_close() is allowed in any case.
 */
int connection_try(struct connection *connection, const char *run_dir);
/** connection_is_absent() - whether @err says that no supervisor serves there */
static inline bool connection_is_absent(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED;
}
/** connection_failed() - report why connecting failed; an enum exit_code */
int connection_failed(int err, const char *run_dir);

/* None of enum exit_code: something else was to be done first. */
#define CONNECTION_OTHER (-1)

/**
 * connection_await() - connect to a supervisor, and wait for one where none serves
 * @also: what else to wait for, as in poll(); a negative fd is left out
 * The folder and those above it need not be there yet. Returns EXIT_OK when the
 * connection stands, CONNECTION_OTHER when there are events in @also (revents is
 * set then, and 0 in all other cases): see to them and call again. Else an enum
 * exit_code, reported. connection_close() is allowed in any case.
 */
int connection_await(struct connection *connection, const char *run_dir,
		     struct pollfd *also, size_t n_also);

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

/** reply_warning() - report the warning in @reply, where it has one */
void reply_warning(struct json_object *reply);

/** reply_is_strange() - report that @reply makes no sense; an enum exit_code */
int reply_is_strange(void);

/** reply_tell_loss() - say what the log of @id had to give up, if it had to */
void reply_tell_loss(struct json_object *reply, const char *id);

#endif /* CONTROL_CONNECTION_H */
