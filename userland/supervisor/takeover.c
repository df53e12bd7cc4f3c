// SPDX-License-Identifier: GPL-2.0
/* Having a supervisor make room for another one, see takeover.h. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "control/connection.h"
#include "base/report.h"
#include "takeover.h"

/* A pidfd of the process that listens: when it is dead, its lock is gone, too. */
static int open_peer(const struct connection *connection)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	int fd;

	if (getsockopt(connection->fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) <
	    0)
		return -errno;
	fd = pidfd_open(peer.pid, 0);
	return fd < 0 ? -errno : fd;
}

static int wait_for_death(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	while (poll(&p, 1, -1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int ask_to_leave(struct connection *connection)
{
	struct json_object *reply;
	int code = connection_send(connection, message_new("leave", NULL));

	if (!code)
		code = connection_receive(connection, &reply);
	if (code)
		return code;
	if (!object_is(reply, "type", "leaving"))
		code = reply_is_strange();
	json_object_put(reply);
	return code;
}

int take_over(const char *run_dir)
{
	struct connection connection;
	int err = connection_try(&connection, run_dir);
	__cleanup_close int pidfd = -1;
	int code = EXIT_OK;

	if (err)
		return connection_is_absent(err) ?
			       EXIT_OK :
			       connection_failed(err, run_dir);
	pidfd = open_peer(&connection);
	err = pidfd < 0 ? pidfd : 0;
	if (!err)
		code = ask_to_leave(&connection);
	if (!err && !code)
		err = wait_for_death(pidfd);
	connection_close(&connection);
	if (err) {
		report(err, "waiting for the supervisor of %s to leave",
		       run_dir);
		code = EXIT_FAILED;
	}
	return code;
}
