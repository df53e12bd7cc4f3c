// SPDX-License-Identifier: GPL-2.0
/* Timers of the event loop, see timer.h. */
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "timer.h"

int timer_add(struct loop *loop, struct loop_source *source, loop_fn fn)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = loop_add(loop, source, fd, EPOLLIN, fn);
	if (err)
		close(fd);
	return err;
}

int timer_set(struct loop_source *source, int64_t ms)
{
	/* A time of 0 would stop the timer. */
	const struct itimerspec when = {
		.it_value.tv_sec = ms / 1000,
		.it_value.tv_nsec = ms % 1000 * NSEC_PER_MSEC + 1,
	};

	return timerfd_settime(source->fd, 0, &when, NULL) < 0 ? -errno : 0;
}

bool timer_expired(struct loop_source *source)
{
	uint64_t n;

	return read(source->fd, &n, sizeof(n)) == sizeof(n);
}
