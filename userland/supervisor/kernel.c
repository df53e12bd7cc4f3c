// SPDX-License-Identifier: GPL-2.0
/* The kernel's table and its events, see kernel.h. */
#include <errno.h>
#include <string.h>

#include "base/report.h"
#include "base/timer.h"
#include "kernel.h"

#define RETRY_MS 1000

bool kernel_forgot(int err)
{
	/* The record was removed, or the module was unloaded with the whole table. */
	return err == -ENOENT || err == -ENODEV;
}

int kernel_failed(struct kernel *kernel, int err, struct failure *failure,
		  const char *what)
{
	return failed(failure, err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED,
		      "%s: %s", what, purser_last_error(kernel->commands));
}

int kernel_list(struct kernel *kernel, purser_container_fn fn, void *arg)
{
	return purser_list(kernel->dumps, 0, fn, arg);
}

static int take_event(const struct purser_event *e, void *arg)
{
	struct kernel *kernel = arg;

	if (e->type == PURSER_EVENT_UNREGISTERED ||
	    e->type == PURSER_EVENT_RECORD_DROPPED)
		kernel->ops->gone(e->container.id, kernel->arg);
	else
		kernel->ops->record(&e->container, kernel->arg);
	return 0;
}

/* Only note it: the handle that reads the table is in use now. */
static int events_lost(uint64_t first, uint64_t last, void *arg)
{
	struct kernel *kernel = arg;

	(void)first;
	(void)last;
	kernel->lost = true;
	return 0;
}

/* The module was unloaded: the ids of all containers are invalid. */
static void table_gone(struct kernel *kernel)
{
	kernel_close(kernel);
	kernel->ops->unloaded(kernel->arg);
}

/*
 * epoll reports EPOLLERR whatever the mask, until the error is read; EPOLLONESHOT makes
 * it do so only once.
 */
void kernel_look_again(struct kernel *kernel)
{
	kernel->lost = true;
	if (kernel->resting || kernel->retry.fd < 0)
		return;
	kernel->resting = true;
	loop_modify(kernel->loop, &kernel->source, EPOLLONESHOT);
	timer_set(&kernel->retry, RETRY_MS);
}

/* Read all events on the socket. */
static void follow(struct kernel *kernel)
{
	int err = purser_stream_read(&kernel->stream);

	if (err == -ENODEV) {
		table_gone(kernel);
		return;
	}
	if (err) {
		report_warning("reading the kernel's events: %s",
			       purser_stream_last_error(&kernel->stream));
		kernel_look_again(kernel);
		return;
	}
	if (!kernel->lost)
		return;
	kernel->lost = false;
	err = kernel->ops->reread(kernel->arg);
	if (err) {
		report_warning("reading the kernel's table: %s",
			       purser_last_error(kernel->dumps));
		kernel_look_again(kernel);
	}
}

static void on_events(struct loop_source *source)
{
	struct kernel *kernel = loop_container(source, struct kernel, source);

	if (!kernel->resting)
		follow(kernel);
}

static void on_retry(struct loop_source *source)
{
	struct kernel *kernel = loop_container(source, struct kernel, retry);

	if (!timer_expired(source))
		return;
	kernel->resting = false;
	loop_modify(kernel->loop, &kernel->source, EPOLLIN);
	follow(kernel);
}

void kernel_init(struct kernel *kernel, struct loop *loop,
		 const struct kernel_ops *ops, void *arg)
{
	*kernel = (struct kernel){
		.loop = loop,
		.ops = ops,
		.arg = arg,
		.source.fd = -1,
		.retry.fd = -1,
	};
}

static int open_handles(struct kernel *kernel)
{
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
	/* Join before reading the number of the last event, so that none is missed. */
	err = purser_get_info(kernel->dumps, &info);
	if (err)
		return err;
	stream->commands = kernel->dumps;
	stream->last = info.events;
	kernel->newest = info.events;
	stream->event = take_event;
	stream->lost = events_lost;
	stream->arg = kernel;
	purser_info_free(&info);
	err = timer_add(kernel->loop, &kernel->retry, on_retry);
	if (err)
		return err;
	return loop_add(kernel->loop, &kernel->source, fd, EPOLLIN, on_events);
}

void kernel_close(struct kernel *kernel)
{
	loop_remove(kernel->loop, &kernel->source);
	loop_close_source(kernel->loop, &kernel->retry);
	purser_close(kernel->stream.events);
	purser_close(kernel->dumps);
	purser_close(kernel->commands);
	kernel_init(kernel, kernel->loop, kernel->ops, kernel->arg);
}

/* @same: whether the module is still the one for which the handles were opened */
static int check_handles(struct kernel *kernel, bool *same)
{
	struct purser_info info;
	int err = purser_get_info(kernel->commands, &info);

	*same = false;
	if (err)
		return err == -ENODEV ? 0 : err;
	/* A module that was loaded again numbers its events from 1. */
	*same = info.events >= kernel->stream.last;
	kernel->newest = info.events;
	purser_info_free(&info);
	return 0;
}

int kernel_check(struct kernel *kernel, struct failure *failure)
{
	bool same = false;
	int err = 0;

	if (kernel->commands) {
		err = check_handles(kernel, &same);
		if (!err && !same)
			table_gone(kernel);
	}
	if (!err && !same) {
		err = open_handles(kernel);
		if (err)
			kernel_close(kernel);
	}
	if (!err)
		return 0;
	if (err == -ENOENT)
		return failed(failure, EXIT_NO_MODULE,
			      "the kernel module purser is not loaded");
	return failed_errno(failure, err, "opening the kernel's table");
}
