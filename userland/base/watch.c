// SPDX-License-Identifier: LGPL-2.1
/* Watching files and folders, see watch.h. */
#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cleanup.h"
#include "watch.h"

/* Five times a second: users notice no delay, and it costs nearly nothing. */
#define INTERVAL_NS 200000000

static int open_timer(void)
{
	const struct itimerspec often = {
		.it_interval.tv_nsec = INTERVAL_NS,
		.it_value.tv_nsec = INTERVAL_NS,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	if (!timerfd_settime(fd, 0, &often, NULL))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int watch_open(struct watch *watch)
{
	watch->by_time = false;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->fd >= 0)
		return 0;
	/* This fails too if EMFILE is about the open files of this process. */
	watch->fd = open_timer();
	watch->by_time = true;
	return watch->fd < 0 ? watch->fd : 0;
}

/* Keep the number of the descriptor: it may be in an epoll set or poll() list. */
static int go_by_time(struct watch *watch)
{
	int timer __cleanup_close = open_timer();

	if (timer < 0)
		return timer;
	if (dup3(timer, watch->fd, O_CLOEXEC) < 0)
		return -errno;
	watch->by_time = true;
	return 0;
}

int watch_add(struct watch *watch, const char *path, uint32_t events)
{
	int number;

	if (watch->by_time)
		return 0;
	number = inotify_add_watch(watch->fd, path, events);
	if (number >= 0)
		return number;
	return errno == ENOSPC ? go_by_time(watch) : -errno;
}

void watch_remove(struct watch *watch, int number)
{
	if (!watch->by_time && number >= 0)
		inotify_rm_watch(watch->fd, number);
}

static bool is_news(const char *events, ssize_t n)
{
	const struct inotify_event *event;
	const char *p;

	for (p = events; p < events + n; p += sizeof(*event) + event->len) {
		event = (const struct inotify_event *)p;
		if (event->mask != IN_IGNORED)
			return true;
	}
	return false;
}

bool watch_take(struct watch *watch)
{
	char buf[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	bool news = false;
	ssize_t n;

	while ((n = read(watch->fd, buf, sizeof(buf))) > 0)
		news = watch->by_time || is_news(buf, n) || news;
	return news;
}

void watch_close(struct watch *watch)
{
	cleanup_close(&watch->fd);
}
