// SPDX-License-Identifier: GPL-2.0
/* Making a running supervisor leave, see takeover.h. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "control/connection.h"
#include "takeover.h"

/* Open a pidfd of the listening process: when it is dead, its lock is free. */
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

/* @op: "leave" or "shutdown" */
static int ask(struct connection *connection, const char *op,
	       struct failure *failure)
{
	struct json_object *reply;
	int err;

	if (connection_send(connection, message_new(op, NULL), failure) ||
	    connection_receive(connection, &reply, failure))
		return -1;
	err = object_is(reply, "type", "leaving") ? 0 :
						    reply_is_strange(failure);
	json_object_put(reply);
	return err;
}

static int ask_and_wait(struct connection *connection, const char *op,
			const char *run_dir, struct failure *failure)
{
	int pidfd __cleanup_close = open_peer(connection);
	int err = pidfd < 0 ? pidfd : 0;

	if (!err && ask(connection, op, failure))
		return -1;
	if (!err)
		err = wait_for_death(pidfd);
	if (!err)
		return 0;
	return failed_errno(failure, err,
			    "waiting for the supervisor of %s to leave",
			    run_dir);
}

int take_over(const char *run_dir, struct failure *failure)
{
	struct connection connection;
	int err = connection_try(&connection, run_dir), ret;

	if (err && connection_is_absent(err))
		return 0;
	ret = err ? connection_failed(err, run_dir, failure) :
		    ask_and_wait(&connection, "leave", run_dir, failure);
	connection_close(&connection);
	return ret;
}

int shut_down(const char *run_dir, bool keep_containers,
	      struct failure *failure)
{
	const char *op = keep_containers ? "leave" : "shutdown";
	struct connection connection;
	int ret = connection_open(&connection, run_dir, failure);

	if (!ret)
		ret = ask_and_wait(&connection, op, run_dir, failure);
	connection_close(&connection);
	return ret;
}
