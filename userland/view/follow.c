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
	bool full;	  /* the sink takes no more events now */
	bool refused;	  /* the sink has failed, and @failure says why */
	struct failure *failure;
};

static int print_header(const struct listener *l)
{
	if (l->options->json || l->options->sink || !l->style.terminal)
		return 0;
	event_header_print();
	return standard_flush();
}

/* Take the result of the sink; returns what ends the delivery, if something does. */
static int from_sink(struct listener *l, int ret)
{
	l->full = ret > 0;
	l->refused = ret < 0;
	if (l->refused)
		return -ECANCELED;
	return l->full ? -EAGAIN : 0;
}

/* Print a line for an event that is wanted, and flush it at once. */
static int on_event(const struct purser_event *e, void *arg)
{
	struct listener *l = arg;
	int err;

	l->from_oldest = false;
	if (!event_filter_matches(&l->options->filter, e))
		return 0;
	if (l->options->sink)
		return from_sink(l, l->options->sink->event(l->options->sink, e,
							    l->failure));
	err = l->options->json ? json_print(purser_event_json(e)) :
				 event_line_print(&l->style, e);
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
	if (l->refused)
		return -1;
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
	return err && !l->full ? err : fd;
}

/*
 * Read on after the sink was full. The socket first: the kernel drops events without a
 * report while it is full, and only the log has these.
 */
static int resume(struct purser_stream *s)
{
	int err = purser_stream_read(s);

	return err ? err : purser_stream_catch_up(s);
}

/* Returns 0 or what ends the delivery. */
static int take_turn(struct listener *l, bool sink_ready, bool has_events)
{
	struct event_sink *sink = l->options->sink;
	const bool was_full = l->full;
	int err = 0;

	if (sink_ready)
		err = from_sink(l, sink->ready(sink, l->failure));
	if (!err && was_full && !l->full)
		err = resume(&l->stream);
	else if (!err && has_events)
		err = purser_stream_read(&l->stream);
	return l->full && !l->refused ? 0 : err;
}

/* Deliver events until there is a signal or an error, or the output's reader is gone. */
static int deliver(struct listener *l, int events_fd, int signal_fd)
{
	const struct event_sink *sink = l->options->sink;
	struct pollfd fds[] = {
		{ .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
		/* poll() always reports POLLERR */
		{ .fd = sink ? -1 : STDOUT_FILENO },
		{ .fd = sink ? sink->fd : -1, .events = POLLIN },
	};
	int err = 0;

	while (!err) {
		fds[0].fd = l->full ? -1 : events_fd;
		if (poll(fds, 4, -1) < 0) {
			if (errno != EINTR)
				return -errno;
			continue;
		}
		if (fds[1].revents || fds[2].revents)
			return 0;
		err = take_turn(l, fds[3].revents, !l->full && fds[0].revents);
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
	return finish(l, deliver(l, fd, signal_fd), doing);
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
