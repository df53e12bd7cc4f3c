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

/* Another user than root and the caller could make up the answers. */
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

int connection_failed(int err, const char *run_dir)
{
	__cleanup_free char *joined = path_join(run_dir, PROTOCOL_SOCKET, "");
	const char *path = joined ? joined : run_dir;

	if (connection_is_absent(err)) {
		report(0, "no supervisor serves %s", path);
		return EXIT_NO_SUPERVISOR;
	}
	if (err == -EREMOTE) {
		report(0, "%s is served by a user who is neither root nor you",
		       path);
		return EXIT_NO_PERMISSION;
	}
	report(err, "connecting to %s", path);
	return err == -EACCES || err == -EPERM ? EXIT_NO_PERMISSION :
						 EXIT_FAILED;
}

int connection_open(struct connection *connection, const char *run_dir)
{
	int err = connection_try(connection, run_dir);

	return err ? connection_failed(err, run_dir) : EXIT_OK;
}

void connection_close(struct connection *connection)
{
	cleanup_close(&connection->fd);
	connection->fd = -1;
	inbox_free(&connection->in);
}

int connection_send(struct connection *connection, struct json_object *message)
{
	struct outbox out = { 0 };
	int err = message ? outbox_add(&out, message) : -ENOMEM;

	json_object_put(message);
	if (!err && out.len - 1 > PROTOCOL_REQUEST_MAX) {
		report(0,
		       "the request is %zu bytes long, of which %d are allowed: too many or too long arguments",
		       out.len - 1, PROTOCOL_REQUEST_MAX);
		outbox_free(&out);
		return EXIT_FAILED;
	}
	if (!err)
		err = outbox_flush(&out, connection->fd);
	outbox_free(&out);
	/* One that closed may have said why: that is for the receiver. */
	if (err < 0 && err != -EPIPE && err != -ECONNRESET) {
		report(err, "sending a request to the supervisor");
		return EXIT_FAILED;
	}
	return EXIT_OK;
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

static int lost(int err)
{
	if (err == -ECONNRESET)
		report(0,
		       "the supervisor closed the connection without an answer");
	else
		report(err, "receiving an answer of the supervisor");
	return EXIT_FAILED;
}

int reply_failure(struct json_object *reply)
{
	const char *text;
	int code;

	if (object_get_string(reply, "text", &text) ||
	    object_get_int(reply, "code", &code))
		return reply_is_strange();
	report(0, "%s", text);
	return code ? code : EXIT_FAILED;
}

void reply_warning(struct json_object *reply)
{
	const char *text;

	if (!object_get_string(reply, "warning", &text))
		report(0, "%s", text);
}

void reply_tell_loss(struct json_object *reply, const char *id)
{
	const char *error;
	uint64_t lost;

	if (!object_get_u64(reply, "log_lost", &lost) &&
	    !object_get_string(reply, "log_error", &error))
		report(0,
		       "container \"%s\": %" PRIu64
		       " bytes of its output could not be written to its log and are lost: %s",
		       id, lost, error);
}

int reply_is_strange(void)
{
	report(0, "the supervisor's answer makes no sense to this version");
	return EXIT_FAILED;
}

int connection_receive(struct connection *connection,
		       struct json_object **reply)
{
	int ret, code;

	do {
		ret = inbox_next(&connection->in, reply);
		if (ret < 0)
			return lost(ret);
		if (ret > 0)
			break;
		ret = inbox_read(&connection->in, connection->fd);
	} while (ret > 0);
	if (ret <= 0)
		return lost(ret ? ret : -ECONNRESET);

	if (!object_is(*reply, "type", "error"))
		return EXIT_OK;
	code = reply_failure(*reply);
	json_object_put(*reply);
	return code;
}
