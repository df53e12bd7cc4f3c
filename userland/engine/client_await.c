// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for a supervisor, see connection_await() in client.h. One that comes
 * makes its socket in the run directory, and changes the socket's mode when it
 * listens: the folder is watched for both. Where it is missing, the last folder
 * on the way to it that is there is watched instead.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cleanup.h"
#include "client.h"
#include "paths.h"
#include "report.h"

#define NEWS                                                                   \
	(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | \
	 IN_ONLYDIR)

/*
 * Watch the deepest folder of @path that exists. Each is watched before the one
 * below is tried: what is made meanwhile is an event.
 */
static int watch_deepest(int inotify, char *path)
{
	int watch = inotify_add_watch(inotify, "/", NEWS);
	char *slash = path;

	while (watch >= 0 && slash && slash[1]) {
		int below;

		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		below = inotify_add_watch(inotify, path, NEWS);
		if (slash)
			*slash = '/';
		if (below < 0 && errno == ENOENT)
			return 0;
		/* "a//b" and "a/." name the same folder once more. */
		if (below >= 0 && below != watch)
			inotify_rm_watch(inotify, watch);
		watch = below;
	}
	return watch < 0 ? -errno : 0;
}

/* A new watch of the folder and those above, all as they are now. */
static int watch_run_dir(char *path, int *inotify)
{
	cleanup_close(inotify);
	*inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return *inotify < 0 ? -errno : watch_deepest(*inotify, path);
}

/* Whether something happened; that a watch was removed is told, too. */
static bool has_news(int inotify)
{
	char buf[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	bool news = false;
	ssize_t n;

	while ((n = read(inotify, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;
		     p += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)p;
			news = news || event->mask != IN_IGNORED;
		}
	}
	return news;
}

/* Returns 1 where @also has events, 0 where the watch has some, or an errno. */
static int wait_for_news(struct pollfd *fds, struct pollfd *also, size_t n_also)
{
	int ready;

	memcpy(fds + 1, also, n_also * sizeof(*also));
	for (;;) {
		ready = poll(fds, n_also + 1, -1);
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready < 0)
			continue;
		if (ready > (fds[0].revents != 0))
			break;
		if (has_news(fds[0].fd))
			return 0;
	}
	for (size_t i = 0; i < n_also; i++)
		also[i].revents = fds[i + 1].revents;
	return 1;
}

int connection_await(struct connection *connection, const char *run_dir,
		     struct pollfd *also, size_t n_also)
{
	struct pollfd *fds __cleanup_free = calloc(n_also + 1, sizeof(*fds));
	__cleanup_free char *path = NULL;
	__cleanup_close int inotify = -1;
	int err = fds ? path_absolute(run_dir, &path) : -ENOMEM;

	for (size_t i = 0; i < n_also; i++)
		also[i].revents = 0;
	do {
		if (!err)
			err = watch_run_dir(path, &inotify);
		if (err) {
			connection->fd = -1;
			inbox_init(&connection->in, PROTOCOL_REPLY_MAX);
			report(err, "waiting for a supervisor of %s", run_dir);
			return EXIT_FAILED;
		}
		err = connection_try(connection, run_dir);
		if (!err)
			return EXIT_OK;
		if (!connection_is_absent(err))
			return connection_failed(err, run_dir);
		fds[0] = (struct pollfd){ inotify, POLLIN, 0 };
		err = wait_for_news(fds, also, n_also);
	} while (err <= 0);
	return CONNECTION_OTHER;
}
