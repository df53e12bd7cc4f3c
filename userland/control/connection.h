/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The client's end of the control protocol. Its calls may block.
 *
 * Functions with a struct failure return 0, or -1 with it filled.
 */
#ifndef CONTROL_CONNECTION_H
#define CONTROL_CONNECTION_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

#include <json-c/json.h>

#include "base/failure.h"
#include "protocol.h"

struct start_request;

struct connection {
	int fd;
	struct inbox in;
};

/**
 * connection_open() - connect to the supervisor of a run directory
 * connection_close() is allowed in any case.
 */
int connection_open(struct connection *connection, const char *run_dir,
		    struct failure *failure);
void connection_close(struct connection *connection);

/**
 * connection_try() - connection_open() with an errno
 * Returns 0 or a negative errno, for connection_is_absent() and connection_failed();
 * -EREMOTE: the user who serves is neither root nor the caller's own.
 * connection_close() is allowed in any case.
 */
int connection_try(struct connection *connection, const char *run_dir);
/** connection_is_absent() - whether @err says that no supervisor serves there */
static inline bool connection_is_absent(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED;
}
/** connection_failed() - fill @failure with why connecting failed; returns -1 */
int connection_failed(int err, const char *run_dir, struct failure *failure);

/* A result of connection_await(): something else has to be done first. */
#define CONNECTION_OTHER 1

/**
 * connection_await() - connect to a supervisor, and wait for one if none serves
 * @also: what else to wait for, as in poll(); a negative fd is left out
 * The folder and those above it need not exist yet. Returns 0 when it is connected,
 * or %CONNECTION_OTHER when there are events in @also: handle them and call again.
 * In all other cases revents of @also is 0. connection_close() is allowed in any case.
 */
int connection_await(struct connection *connection, const char *run_dir,
		     struct pollfd *also, size_t n_also,
		     struct failure *failure);

/** connection_send() - send @message, which is taken over; NULL: out of memory */
int connection_send(struct connection *connection, struct json_object *message,
		    struct failure *failure);

/** connection_logs() - send a request for the place of a container's log */
int connection_logs(struct connection *connection, const char *id,
		    struct failure *failure);
/**
 * connection_start() - send a start request
 * @op: "start" or "run"
 */
int connection_start(struct connection *connection, const char *op,
		     const struct start_request *request,
		     struct failure *failure);
/**
 * connection_wait() - send a request to be told of the end of a container
 * @token: that of the request that started it, or NULL for any
 */
int connection_wait(struct connection *connection, const char *id,
		    const char *token, struct failure *failure);
/** connection_stop() - send a stop request; @wait: also for the end */
int connection_stop(struct connection *connection, const char *id, int signal,
		    unsigned int grace_ms, bool wait, struct failure *failure);

/**
 * connection_receive() - the next reply, for json_object_put()
 * A reply of type "error" is a failure, and so is a supervisor that went away.
 */
int connection_receive(struct connection *connection,
		       struct json_object **reply, struct failure *failure);

/**
 * connection_take() - the next reply that has come, also one of type "error"
 * For callers that wait by themselves. Returns 1, 0 if none is complete, or a negative
 * errno; -ECONNRESET: no reply will come any more.
 */
int connection_take(struct connection *connection, struct json_object **reply);

/** reply_failure() - fill @failure from a reply of type "error"; returns -1 */
int reply_failure(struct json_object *reply, struct failure *failure);

/** reply_is_strange() - fill @failure: @reply makes no sense; returns -1 */
int reply_is_strange(struct failure *failure);

/** reply_warning() - print the warning in @reply, if it has one */
void reply_warning(struct json_object *reply);

/** reply_tell_loss() - print how much output of @id was lost, if some was */
void reply_tell_loss(struct json_object *reply, const char *id);

#endif /* CONTROL_CONNECTION_H */
