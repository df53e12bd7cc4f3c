// SPDX-License-Identifier: GPL-2.0
/* The client's end of the control protocol, see connection.h. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "connection.h"
#include "base/paths.h"
#include "base/report.h"
#include "base/send_fds.h"
#include "request.h"

/* Accept only root and our own user as the server: another user could send lies. */
static int check_peer(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	return !peer.uid || peer.uid == geteuid() ? 0 : -EREMOTE;
}

int connection_try(struct connection *connection, const char *run_dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	__cleanup_free char *path = path_join(run_dir, PROTOCOL_SOCKET, "");
	int err;

	connection->fd = -1;
	inbox_init(&connection->in, PROTOCOL_REPLY_MAX);
	if (!path)
		return -ENOMEM;
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));

	connection->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection->fd < 0 ||
	    connect(connection->fd, (struct sockaddr *)&address,
		    sizeof(address)) < 0)
		err = -errno;
	else
		err = check_peer(connection->fd);
	if (err)
		connection_close(connection);
	return err;
}

int connection_failed(int err, const char *run_dir, struct failure *failure)
{
	__cleanup_free char *joined = path_join(run_dir, PROTOCOL_SOCKET, "");
	const char *path = joined ? joined : run_dir;

	if (connection_is_absent(err))
		return failed(failure, EXIT_NO_SUPERVISOR,
			      "no supervisor serves %s", path);
	if (err == -EREMOTE)
		return failed(
			failure, EXIT_NO_PERMISSION,
			"%s is served by a user who is neither root nor you",
			path);
	return failed_errno(failure, err, "connecting to %s", path);
}

int connection_open(struct connection *connection, const char *run_dir,
		    struct failure *failure)
{
	int err = connection_try(connection, run_dir);

	return err ? connection_failed(err, run_dir, failure) : 0;
}

void connection_close(struct connection *connection)
{
	cleanup_close(&connection->fd);
	inbox_free(&connection->in);
}

/* Send the first byte with the descriptor @fd. */
static int send_first(struct outbox *out, int socket, int fd)
{
	int err = send_fds(socket, out->data, 1, &fd, 1);

	if (!err)
		out->sent = 1;
	return err;
}

/* @fd: goes with the message; -1: none */
static int send_with(struct connection *connection, struct json_object *message,
		     int fd, struct failure *failure)
{
	struct outbox out = { 0 };
	int err = message ? outbox_add(&out, message) : -ENOMEM;
	size_t len = out.len - 1;

	json_object_put(message);
	if (!err && len <= PROTOCOL_REQUEST_MAX && fd >= 0)
		err = send_first(&out, connection->fd, fd);
	if (!err && len <= PROTOCOL_REQUEST_MAX)
		err = outbox_flush(&out, connection->fd);
	outbox_free(&out);
	if (!err && len > PROTOCOL_REQUEST_MAX)
		return failed(
			failure, EXIT_FAILED,
			"the request is %zu bytes long; at most %d are allowed: too many or too long arguments",
			len, PROTOCOL_REQUEST_MAX);
	/* If the supervisor has closed, its last message may say why: read that later. */
	if (err < 0 && err != -EPIPE && err != -ECONNRESET)
		return failed_errno(failure, err,
				    "sending a request to the supervisor");
	return 0;
}

int connection_send(struct connection *connection, struct json_object *message,
		    struct failure *failure)
{
	return send_with(connection, message, -1, failure);
}

int connection_run(struct connection *connection,
		   const struct start_request *request, int input,
		   struct failure *failure)
{
	struct object m = message_begin("run", NULL);

	request_encode(request, &m);
	return send_with(connection, object_done(&m), input, failure);
}

int connection_start(struct connection *connection, const char *op,
		     const struct start_request *request,
		     struct failure *failure)
{
	struct object m = message_begin(op, NULL);

	request_encode(request, &m);
	return connection_send(connection, object_done(&m), failure);
}

int connection_logs(struct connection *connection, const char *id,
		    struct failure *failure)
{
	struct object m = message_begin("logs", NULL);

	object_add_string(&m, "id", id);
	return connection_send(connection, object_done(&m), failure);
}

int connection_wait(struct connection *connection, const char *id,
		    const char *token, struct failure *failure)
{
	struct object m = message_begin("wait", NULL);

	object_add_string(&m, "id", id);
	if (token)
		object_add_string(&m, "token", token);
	return connection_send(connection, object_done(&m), failure);
}

static int send_stop(struct connection *connection, const char *op,
		     const char *id, int signal, unsigned int grace_ms,
		     bool wait, struct failure *failure)
{
	struct object m = message_begin(op, NULL);

	object_add_string(&m, "id", id);
	if (signal)
		object_add_int(&m, "signal", signal);
	if (grace_ms != STOP_DEFAULT_GRACE)
		object_add_u64(&m, "grace_ms", grace_ms);
	object_add_bool(&m, "wait", wait);
	return connection_send(connection, object_done(&m), failure);
}

int connection_stop(struct connection *connection, const char *id, int signal,
		    unsigned int grace_ms, bool wait, struct failure *failure)
{
	return send_stop(connection, "stop", id, signal, grace_ms, wait,
			 failure);
}

int connection_restart(struct connection *connection, const char *id,
		       int signal, unsigned int grace_ms,
		       struct failure *failure)
{
	return send_stop(connection, "restart", id, signal, grace_ms, false,
			 failure);
}

int connection_set(struct connection *connection, const char *id,
		   const struct limits_change *change, struct failure *failure)
{
	struct object m = message_begin("set", NULL);

	object_add_string(&m, "id", id);
	limits_change_encode(change, &m);
	return connection_send(connection, object_done(&m), failure);
}

int connection_remove(struct connection *connection, const char *id, bool force,
		      struct failure *failure)
{
	struct object m = message_begin("rm", NULL);

	if (id)
		object_add_string(&m, "id", id);
	object_add_bool(&m, "ended", !id);
	object_add_bool(&m, "force", force);
	return connection_send(connection, object_done(&m), failure);
}

int connection_take(struct connection *connection, struct json_object **reply)
{
	struct pollfd pollfd = { .fd = connection->fd, .events = POLLIN };
	int ret = inbox_next(&connection->in, reply);

	while (!ret && poll(&pollfd, 1, 0) > 0) {
		ret = inbox_read(&connection->in, connection->fd);
		if (ret <= 0)
			return ret ? ret : -ECONNRESET;
		ret = inbox_next(&connection->in, reply);
	}
	return ret;
}

static int lost(int err, struct failure *failure)
{
	if (err == -ECONNRESET)
		return failed(
			failure, EXIT_FAILED,
			"the supervisor closed the connection without an answer");
	return failed_errno(failure, err,
			    "receiving an answer from the supervisor");
}

int reply_failure(struct json_object *reply, struct failure *failure)
{
	const char *text;
	int code;

	if (object_get_string(reply, "text", &text) ||
	    object_get_int(reply, "code", &code))
		return reply_is_strange(failure);
	return failed(failure, code ? code : EXIT_FAILED, "%s", text);
}

int reply_is_strange(struct failure *failure)
{
	return failed(
		failure, EXIT_FAILED,
		"this version does not understand the supervisor's answer");
}

void reply_warning(struct json_object *reply)
{
	const char *text;

	if (!object_get_string(reply, "warning", &text))
		report_warning("%s", text);
}

void reply_tell_loss(struct json_object *reply, const char *id)
{
	const char *error;
	uint64_t lost;

	if (!object_get_u64(reply, "log_lost", &lost) &&
	    !object_get_string(reply, "log_error", &error))
		report_warning(
			"container \"%s\": %" PRIu64
			" bytes of its output could not be written to its log and are lost: %s",
			id, lost, error);
}

int connection_receive(struct connection *connection,
		       struct json_object **reply, struct failure *failure)
{
	int ret;

	do {
		ret = inbox_next(&connection->in, reply);
		if (ret < 0)
			return lost(ret, failure);
		if (ret > 0)
			break;
		ret = inbox_read(&connection->in, connection->fd);
	} while (ret > 0);
	if (ret <= 0)
		return lost(ret ? ret : -ECONNRESET, failure);

	if (!object_is(*reply, "type", "error"))
		return 0;
	reply_failure(*reply, failure);
	json_object_put(*reply);
	return -1;
}
