// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for a supervisor, see connection_await() in connection.h. When a supervisor
 * starts, it makes its socket in the run directory, and changes the socket's mode after
 * it has begun to listen. We watch the run directory for both. If it does not exist, we
 * watch the deepest folder of its path that exists.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "connection.h"
#include "base/paths.h"
#include "base/watch.h"

#define NEWS                                                                   \
	(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | \
	 IN_ONLYDIR)

/*
 * Watch the deepest folder of @path that exists. Watch each folder before trying the
 * next one, so that there is an event if that is made meanwhile.
 */
static int watch_deepest(struct watch *watch, char *path)
{
	int number = watch_add(watch, "/", NEWS);
	char *slash = path;

	while (number >= 0 && slash && slash[1]) {
		int below;

		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		below = watch_add(watch, path, NEWS);
		if (slash)
			*slash = '/';
		if (below == -ENOENT)
			return 0;
		/* "a//b" and "a/." name the same folder twice. */
		if (below >= 0 && below != number)
			watch_remove(watch, number);
		number = below;
	}
	return number < 0 ? number : 0;
}

/* Watch again from the start: other folders may exist now. */
static int watch_run_dir(char *path, struct watch *watch)
{
	int err;

	watch_close(watch);
	err = watch_open(watch);
	return err ? err : watch_deepest(watch, path);
}

/* Returns 1 if @also has events, 0 if the watch has events, or a negative errno. */
static int wait_for_news(struct watch *watch, struct pollfd *fds,
			 struct pollfd *also, size_t n_also)
{
	int ready;

	fds[0] = (struct pollfd){ watch->fd, POLLIN, 0 };
	memcpy(fds + 1, also, n_also * sizeof(*also));
	for (;;) {
		ready = poll(fds, n_also + 1, -1);
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready < 0)
			continue;
		if (ready > (fds[0].revents != 0))
			break;
		if (watch_take(watch))
			return 0;
	}
	for (size_t i = 0; i < n_also; i++)
		also[i].revents = fds[i + 1].revents;
	return 1;
}

int connection_await(struct connection *connection, const char *run_dir,
		     struct pollfd *also, size_t n_also,
		     struct failure *failure)
{
	struct pollfd *fds __cleanup_free = calloc(n_also + 1, sizeof(*fds));
	__cleanup_free char *path = NULL;
	struct watch watch __attribute__((cleanup(watch_close))) = { .fd = -1 };
	int err = fds ? path_absolute(run_dir, &path) : -ENOMEM;

	connection->fd = -1;
	inbox_init(&connection->in, PROTOCOL_REPLY_MAX);
	for (size_t i = 0; i < n_also; i++)
		also[i].revents = 0;
	do {
		if (!err)
			err = watch_run_dir(path, &watch);
		if (err)
			return failed_errno(
				failure, err,
				"waiting for a supervisor that serves %s",
				run_dir);
		err = connection_try(connection, run_dir);
		if (!err)
			return 0;
		if (!connection_is_absent(err))
			return connection_failed(err, run_dir, failure);
		err = wait_for_news(&watch, fds, also, n_also);
	} while (err <= 0);
	return CONNECTION_OTHER;
}
