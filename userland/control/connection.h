/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The client's end of the control protocol. Functions may block. A function with a
 * struct failure returns 0, or -1 with the failure filled.
 */
#ifndef CONTROL_CONNECTION_H
#define CONTROL_CONNECTION_H

#include <errno.h>
#include <limits.h>
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
 * connection_open() - connect to the supervisor that serves a run directory
 * connection_close() may be called even after a failure.
 */
int connection_open(struct connection *connection, const char *run_dir,
		    struct failure *failure);
void connection_close(struct connection *connection);

/**
 * connection_try() - connection_open() that returns an errno
 * Returns 0 or a negative errno, for connection_is_absent() and connection_failed();
 * -EREMOTE: the supervisor's user is neither root nor the caller's user.
 * connection_close() may be called even after a failure.
 */
int connection_try(struct connection *connection, const char *run_dir);
/** connection_is_absent() - whether @err means that no supervisor serves the directory */
static inline bool connection_is_absent(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED;
}
/** connection_failed() - fill @failure with why connecting failed; returns -1 */
int connection_failed(int err, const char *run_dir, struct failure *failure);

/* A result of connection_await(): @also has events. */
#define CONNECTION_OTHER 1

/**
 * connection_await() - connect to a supervisor; wait until one serves the directory
 * @also: other descriptors to wait for, as in poll(); a negative fd is ignored
 * The run directory and the folders above it need not exist yet. Returns 0 if it is
 * connected, or %CONNECTION_OTHER if @also has events: handle them and call again. In
 * all other cases revents of @also is 0. connection_close() may be called even after a
 * failure.
 */
int connection_await(struct connection *connection, const char *run_dir,
		     struct pollfd *also, size_t n_also,
		     struct failure *failure);

/** connection_send() - send @message, which is taken over; NULL: out of memory */
int connection_send(struct connection *connection, struct json_object *message,
		    struct failure *failure);

/** connection_logs() - ask where a container's log is */
int connection_logs(struct connection *connection, const char *id,
		    struct failure *failure);
/**
 * connection_start() - send a start request
 * @op: "start" or "run"
 */
int connection_start(struct connection *connection, const char *op,
		     const struct start_request *request,
		     struct failure *failure);
/** connection_run() - send a run request; @input: see struct start_cause */
int connection_run(struct connection *connection,
		   const struct start_request *request, int input,
		   struct failure *failure);
/**
 * connection_wait() - ask for a reply when a container has ended
 * @token: the token of the request that started it; NULL: any container of that id
 */
int connection_wait(struct connection *connection, const char *id,
		    const char *token, struct failure *failure);
/* The time of the container's own --stop-timeout, in milliseconds */
#define STOP_DEFAULT_GRACE UINT_MAX

/** connection_restart() - send a restart request; the fields are those of a stop */
int connection_restart(struct connection *connection, const char *id,
		       int signal, unsigned int grace_ms,
		       struct failure *failure);
struct limits_change;

/** connection_set() - send new limits */
int connection_set(struct connection *connection, const char *id,
		   const struct limits_change *change, struct failure *failure);
/** connection_remove() - ask for a removal; @id: NULL: of all ended containers */
int connection_remove(struct connection *connection, const char *id, bool force,
		      struct failure *failure);
/**
 * connection_stop() - send a stop request
 * @signal: 0: the container's own --stop-signal
 * @grace_ms: or %STOP_DEFAULT_GRACE
 * @wait: also ask for a reply at the end
 */
int connection_stop(struct connection *connection, const char *id, int signal,
		    unsigned int grace_ms, bool wait, struct failure *failure);

/**
 * connection_receive() - wait for the next reply; the caller must json_object_put() it
 * It is a failure if the reply has the type "error" or if the supervisor is gone.
 */
int connection_receive(struct connection *connection,
		       struct json_object **reply, struct failure *failure);

/**
 * connection_take() - get the next reply without waiting, even one of type "error"
 * Returns 1, 0 if no reply is complete, or a negative errno; -ECONNRESET: there will be
 * no more replies.
 */
int connection_take(struct connection *connection, struct json_object **reply);

/** reply_failure() - fill @failure from a reply of type "error"; returns -1 */
int reply_failure(struct json_object *reply, struct failure *failure);

/** reply_is_strange() - fill @failure: the reply is invalid; returns -1 */
int reply_is_strange(struct failure *failure);

/** reply_warning() - print the warning in @reply, if it has one */
void reply_warning(struct json_object *reply);

/** reply_tell_loss() - if output of @id was lost, print how much */
void reply_tell_loss(struct json_object *reply, const char *id);

#endif /* CONTROL_CONNECTION_H */
