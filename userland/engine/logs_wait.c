// SPDX-License-Identifier: GPL-2.0
/* Waiting for the end of a container, see logs_wait.h. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "logs_wait.h"

/* The descriptors to wait for, besides that of the connection. */
enum {
	FD_LOG,
	FD_OUTPUT,
	N_FDS,
};

static int ask(struct end_wait *w)
{
	w->asked = true;
	return connection_wait(w->connection, w->id, NULL, w->failure) ?
		       -ECANCELED :
		       0;
}

/*
 * Read the supervisor's answer. Returns 1 at the end of the container, or 0 if there is
 * no answer yet. A reply of type "error" also means the end: the supervisor does not know
 * the container, so nothing writes to its log.
 */
static int take_answer(struct end_wait *w)
{
	struct json_object *reply;
	int ret = connection_take(w->connection, &reply);

	if (ret > 0) {
		json_object_put(reply);
		return 1;
	}
	if (!ret)
		return 0;
	connection_close(w->connection);
	w->connected = false;
	if (ret == -ECONNRESET)
		return 0;
	failed_errno(w->failure, ret,
		     "receiving an answer from the supervisor");
	return -ECANCELED;
}

/* Connect to the next supervisor; return earlier if there are events in @fds. */
static int wait_for_supervisor(struct end_wait *w, struct pollfd *fds)
{
	int ret = connection_await(w->connection, w->run_dir, fds, N_FDS,
				   w->failure);

	if (ret)
		return ret == CONNECTION_OTHER ? 0 : -ECANCELED;
	w->connected = true;
	return ask(w);
}

static int wait_for_answer(struct end_wait *w, struct pollfd *fds)
{
	struct pollfd all[N_FDS + 1];

	for (int i = 0; i < N_FDS; i++)
		all[i] = fds[i];
	all[N_FDS] = (struct pollfd){ w->connection->fd, POLLIN, 0 };
	if (poll(all, N_FDS + 1, -1) < 0 && errno != EINTR)
		return -errno;
	for (int i = 0; i < N_FDS; i++)
		fds[i].revents = all[i].revents;
	return 0;
}

int end_wait(void *arg, int watch_fd)
{
	struct end_wait *w = arg;
	struct pollfd fds[N_FDS] = {
		[FD_LOG] = { watch_fd, POLLIN, 0 },
		/* poll() reports POLLERR and POLLHUP whatever the mask is. */
		[FD_OUTPUT] = { STDOUT_FILENO, 0, 0 },
	};
	int ret = 0;

	if (w->ended)
		return 1;
	if (w->connected && !w->asked)
		ret = ask(w);
	while (!ret) {
		if (w->connected) {
			ret = take_answer(w);
			if (ret)
				break;
		}
		ret = w->connected ? wait_for_answer(w, fds) :
				     wait_for_supervisor(w, fds);
		if (ret)
			break;
		if (fds[FD_OUTPUT].revents & (POLLERR | POLLHUP))
			return -EPIPE;
		if (fds[FD_LOG].revents)
			return 0;
	}
	w->ended = ret > 0;
	return ret;
}
