// SPDX-License-Identifier: GPL-2.0
/* Printing events, see follow.h. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "base/standard.h"
#include "event_line.h"
#include "follow.h"
#include "handle.h"
#include "json.h"
#include "libpurser/stream.h"

/* struct listener - one call of events_follow() or events_print() */
struct listener {
	const struct event_options *options;
	struct event_style style;
	struct purser_stream stream;
	bool from_oldest; /* the first gap is no loss */
	bool lost;	  /* a loss of events was reported */
	int output;	  /* the error of printing, a negative errno */
	struct failure *failure;
};

static int print_header(const struct listener *l)
{
	if (l->options->json || !l->style.terminal)
		return 0;
	event_header_print();
	return standard_flush();
}

/* Print a line for an event, and flush it at once. */
static int on_event(const struct purser_event *e, void *arg)
{
	struct listener *l = arg;
	int err = l->options->json ? json_print(purser_event_json(e)) :
				     event_line_print(&l->style, e);

	l->from_oldest = false;
	if (!err)
		err = standard_flush();
	l->output = err;
	return err;
}

static int on_lost(uint64_t first, uint64_t last, void *arg)
{
	struct listener *l = arg;

	if (l->from_oldest)
		return 0;
	report_warning("events %" PRIu64 " to %" PRIu64
		       " are lost: the kernel does not hold them any more",
		       first, last);
	l->lost = true;
	return 0;
}

/* The result of the command, after the delivery has ended with @err. */
static int finish(struct listener *l, int err, const char *doing)
{
	if (l->output == -ENOMEM)
		return print_failed(l->failure);
	/* What stdout has to say comes from its last flush. */
	if (!err || l->output)
		return 0;
	return table_failed(l->failure, err,
			    purser_stream_last_error(&l->stream), "cannot %s",
			    doing);
}

/* Write to --ready-fd: no event will be missed from now on. */
static int tell_ready(int fd, struct failure *failure)
{
	if (fd < 0)
		return 0;
	if (write(fd, "\n", 1) != 1)
		return failed(
			failure, EXIT_FAILED,
			"cannot write to the file descriptor %d of --ready-fd: %s",
			fd, strerror(errno));
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}

/* A number that no event has yet is probably one of an earlier boot. */
static int check_since(struct listener *l)
{
	const uint64_t since = l->options->since;
	uint64_t last;
	int err;

	err = purser_last_event(l->stream.commands, &last);
	if (!err && since > last)
		report_warning("--since %" PRIu64
			       ": the last event has number %" PRIu64
			       "; only events above %" PRIu64 " are printed",
			       since, last, since);
	return err;
}

/* Join before reading the log, so that no event is missed in between. */
static int start(struct listener *l)
{
	struct purser_stream *s = &l->stream;
	int fd, err = 0;

	if (l->options->has_since)
		err = check_since(l);
	else
		err = purser_last_event(s->commands, &s->last);
	if (err)
		return err;
	fd = purser_events_join(s->events, l->options->rcvbuf);
	if (fd < 0)
		return fd;
	err = purser_stream_catch_up(s);
	return err ? err : fd;
}

/* Deliver events until there is a signal or an error, or the output's reader is gone. */
static int deliver(struct purser_stream *s, int events_fd, int signal_fd)
{
	struct pollfd fds[] = {
		{ .fd = events_fd, .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* poll() always reports POLLERR */
	};
	int err = 0;

	while (!err) {
		if (poll(fds, 3, -1) < 0) {
			if (errno != EINTR)
				return -errno;
			continue;
		}
		if (fds[1].revents || fds[2].revents)
			return 0;
		err = purser_stream_read(s);
	}
	return err;
}

static int open_signal_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int follow(struct listener *l)
{
	static const char doing[] = "listen to the events";
	__cleanup_close int signal_fd = open_signal_fd();
	int fd;

	if (signal_fd < 0)
		return failed(l->failure, EXIT_FAILED,
			      "cannot wait for signals: %s",
			      strerror(-signal_fd));
	fd = start(l);
	if (fd < 0)
		return finish(l, fd, doing);
	if (tell_ready(l->options->ready_fd, l->failure))
		return -1;
	l->output = print_header(l);
	if (l->output)
		return 0;
	return finish(l, deliver(&l->stream, fd, signal_fd), doing);
}

static void init(struct listener *l, const struct event_options *options,
		 struct failure *failure)
{
	*l = (struct listener){
		.options = options,
		.stream.event = on_event,
		.stream.lost = on_lost,
		.stream.arg = l,
		.failure = failure,
	};
	l->stream.last = options->since;
	event_style_choose(&l->style, options->time, options->no_trunc);
}

int events_follow(const struct event_options *options, struct failure *failure)
{
	struct listener l;
	int err;

	init(&l, options, failure);
	err = table_open(&l.stream.commands, failure);
	if (!err)
		err = table_open(&l.stream.events, failure);
	if (!err)
		err = follow(&l);
	purser_close(l.stream.events);
	purser_close(l.stream.commands);
	return err;
}

int events_print(const struct event_options *options, struct failure *failure)
{
	struct listener l;
	int err;

	init(&l, options, failure);
	l.from_oldest = !options->has_since;
	err = table_open(&l.stream.commands, failure);
	if (err)
		return err;
	if (options->has_since)
		err = check_since(&l);
	if (!err)
		err = l.output = print_header(&l);
	if (!err)
		err = purser_stream_catch_up(&l.stream);
	err = finish(&l, err, "read the events");
	purser_close(l.stream.commands);
	return !err && l.lost ? EXIT_EVENTS_GONE : err;
}
