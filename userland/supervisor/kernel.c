// SPDX-License-Identifier: GPL-2.0
/* Events of the kernel into the registry, see kernel.h. */
#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "end.h"
#include "kernel.h"
#include "base/report.h"
#include "supervisor.h"

static int take_event(const struct purser_event *e, void *arg)
{
	struct supervisor *supervisor = arg;
	struct container *c;

	c = registry_id(&supervisor->registry, e->container.id);
	if (!c)
		return 0;
	if (e->type == PURSER_EVENT_UNREGISTERED ||
	    e->type == PURSER_EVENT_RECORD_DROPPED)
		container_record_gone(c);
	else
		container_mirror(c, &e->container);
	return 0;
}

/* Noted only: the handle that could tell more is in use now. */
static int events_lost(uint64_t first, uint64_t last, void *arg)
{
	struct supervisor *supervisor = arg;

	(void)first;
	(void)last;
	supervisor->kernel.lost = true;
	return 0;
}

static int take_record(const struct purser_container *record, void *arg)
{
	struct supervisor *supervisor = arg;
	struct container *c = registry_id(&supervisor->registry, record->id);

	if (c) {
		c->seen = true;
		container_mirror(c, record);
	}
	return 0;
}

/* Take over the whole table: what it does not hold is gone. */
static int read_table(struct supervisor *supervisor)
{
	struct container *c, *next;
	int err;

	TAILQ_FOREACH(c, &supervisor->registry.all, link)
		c->seen = false;
	err = purser_list(supervisor->kernel.dumps, 0, take_record, supervisor);
	if (err)
		return err;
	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->id && !c->seen)
			container_record_gone(c);
	}
	return 0;
}

/* The table that the containers' ids are of is not there any more. */
static void table_gone(struct supervisor *supervisor)
{
	struct container *c, *next;

	kernel_close(supervisor);
	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->id)
			container_record_gone(c);
	}
}

/*
 * An error is told whatever one asks for, and until it is read: but with
 * EPOLLONESHOT only once.
 */
void kernel_look_again(struct supervisor *supervisor)
{
	static const struct itimerspec second = { .it_value.tv_sec = 1 };
	struct kernel *kernel = &supervisor->kernel;

	kernel->lost = true;
	if (kernel->resting || kernel->retry.fd < 0)
		return;
	kernel->resting = true;
	loop_modify(&supervisor->loop, &kernel->source, EPOLLONESHOT);
	timerfd_settime(kernel->retry.fd, 0, &second, NULL);
}

/* Read what there is to be read. */
static void follow(struct supervisor *supervisor)
{
	struct kernel *kernel = &supervisor->kernel;
	int err = purser_stream_read(&kernel->stream);

	if (err == -ENODEV) {
		table_gone(supervisor);
		return;
	}
	if (err) {
		report(0, "reading the kernel's events: %s",
		       purser_stream_last_error(&kernel->stream));
		kernel_look_again(supervisor);
		return;
	}
	if (!kernel->lost)
		return;
	kernel->lost = false;
	err = read_table(supervisor);
	if (err) {
		report(0, "reading the kernel's table: %s",
		       purser_last_error(kernel->dumps));
		kernel_look_again(supervisor);
	}
}

static void on_events(struct loop_source *source, uint32_t events)
{
	struct kernel *kernel = loop_container(source, struct kernel, source);

	(void)events;
	if (!kernel->resting)
		follow(loop_container(kernel, struct supervisor, kernel));
}

static void on_retry(struct loop_source *source, uint32_t events)
{
	struct kernel *kernel = loop_container(source, struct kernel, retry);
	struct supervisor *supervisor = loop_container(
		kernel, struct supervisor, kernel);
	uint64_t expired;

	(void)events;
	if (read(source->fd, &expired, sizeof(expired)) < 0)
		return;
	kernel->resting = false;
	loop_modify(&supervisor->loop, &kernel->source, EPOLLIN);
	follow(supervisor);
}

static int make_timer(struct supervisor *supervisor)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = loop_add(&supervisor->loop, &supervisor->kernel.retry, fd,
		       EPOLLIN, on_retry);
	if (err)
		close(fd);
	return err;
}

void kernel_init(struct kernel *kernel)
{
	*kernel = (struct kernel){ .source.fd = -1, .retry.fd = -1 };
}

static int kernel_open(struct supervisor *supervisor)
{
	struct kernel *kernel = &supervisor->kernel;
	struct purser_stream *stream = &kernel->stream;
	struct purser_info info;
	int err, fd;

	err = purser_open(&kernel->commands);
	if (!err)
		err = purser_open(&kernel->dumps);
	if (!err)
		err = purser_open(&stream->events);
	if (err)
		return err;
	fd = purser_events_join(stream->events, 0);
	if (fd < 0)
		return fd;
	/* Joined before it is asked how far events are: none can be missed. */
	err = purser_get_info(kernel->dumps, &info);
	if (err)
		return err;
	stream->commands = kernel->dumps;
	stream->last = info.events;
	stream->event = take_event;
	stream->lost = events_lost;
	stream->arg = supervisor;
	purser_info_free(&info);
	err = make_timer(supervisor);
	if (err)
		return err;
	return loop_add(&supervisor->loop, &kernel->source, fd, EPOLLIN,
			on_events);
}

void kernel_close(struct supervisor *supervisor)
{
	struct kernel *kernel = &supervisor->kernel;
	int timer = kernel->retry.fd;

	loop_remove(&supervisor->loop, &kernel->source);
	loop_remove(&supervisor->loop, &kernel->retry);
	cleanup_close(&timer);
	purser_close(kernel->stream.events);
	purser_close(kernel->dumps);
	purser_close(kernel->commands);
	kernel_init(kernel);
}

int kernel_check(struct supervisor *supervisor)
{
	struct kernel *kernel = &supervisor->kernel;
	struct purser_info info;
	bool same;
	int err;

	if (kernel->commands) {
		err = purser_get_info(kernel->commands, &info);
		if (err && err != -ENODEV)
			return err;
		if (!err) {
			/* A module that was loaded anew counts from 1. */
			same = info.events >= kernel->stream.last;
			purser_info_free(&info);
			if (same)
				return 0;
		}
		table_gone(supervisor);
	}
	err = kernel_open(supervisor);
	if (err)
		kernel_close(supervisor);
	return err;
}

const char *kernel_why(int err)
{
	return err == -ENOENT ? "the kernel module purser is not loaded" :
				strerror(-err);
}

int kernel_exit_code(int err)
{
	switch (err) {
	case -ENOENT:
		return EXIT_NO_MODULE;
	case -EPERM:
	case -EACCES:
		return EXIT_NO_PERMISSION;
	}
	return EXIT_FAILED;
}
