// SPDX-License-Identifier: GPL-2.0
/* The event loop, see loop.h. */
#include <errno.h>
#include <unistd.h>

#include "loop.h"

int loop_open(struct loop *loop)
{
	loop->n_batch = 0;
	loop->next = 0;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return loop->epoll_fd < 0 ? -errno : 0;
}

void loop_close(struct loop *loop)
{
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	loop->epoll_fd = -1;
}

int loop_add(struct loop *loop, struct loop_source *source, int fd,
	     uint32_t events, loop_fn fn)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	source->fd = -1;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	source->fd = fd;
	source->events = events;
	source->fn = fn;
	return 0;
}

int loop_modify(struct loop *loop, struct loop_source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	if (source->events == events)
		return 0;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, source->fd, &event) < 0)
		return -errno;
	source->events = events;
	return 0;
}

void loop_remove(struct loop *loop, struct loop_source *source)
{
	if (source->fd < 0)
		return;
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
	source->fd = -1;
	for (int i = loop->next; i < loop->n_batch; i++) {
		if (loop->batch[i].data.ptr == source)
			loop->batch[i].data.ptr = NULL;
	}
}

void loop_close_source(struct loop *loop, struct loop_source *source)
{
	int fd = source->fd;

	loop_remove(loop, source);
	if (fd >= 0)
		close(fd);
}

int loop_turn(struct loop *loop)
{
	int n;

	do {
		n = epoll_wait(loop->epoll_fd, loop->batch, LOOP_BATCH, -1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;

	loop->n_batch = n;
	loop->next = 0;
	while (loop->next < loop->n_batch) {
		struct epoll_event *event = &loop->batch[loop->next++];
		struct loop_source *source = event->data.ptr;

		if (source) {
			source->pending = event->events;
			source->fn(source);
		}
	}
	loop->n_batch = 0;
	loop->next = 0;
	return 0;
}
