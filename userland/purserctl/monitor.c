// SPDX-License-Identifier: GPL-2.0
/* Events: as they happen (monitor), or those that the kernel holds (events). */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "commands.h"
#include "base/escape.h"
#include "view/display.h"
#include "view/json.h"
#include "output.h"
#include "base/report.h"
#include "libpurser/stream.h"

/* struct listener - where the events of one command go */
struct listener {
	const struct args *args;
	struct purser_stream stream;
	bool from_oldest; /* takes what there is: the first gap is none */
	bool lost;	  /* some events are gone, of which it was told */
	int output;	  /* the errno that ended the output */
};

static int print_text(const struct purser_event *e)
{
	const struct purser_container *c = &e->container;
	char time[DISPLAY_LEN], reason[DISPLAY_LEN], usage[DISPLAY_LEN];
	char soft[DISPLAY_LEN], hard[DISPLAY_LEN];
	__cleanup_free char *name = escape_text(c->name);

	if (!name)
		return -ENOMEM;
	printf("%6" PRIu64 " %14s %-14s %-16s %7d %-8s %-18s %10s %10s %10s\n",
	       e->seq, display_seconds(e->time, time),
	       purser_event_name(e->type), name, c->pid,
	       purser_state_name(c->state), display_reason(c, reason),
	       display_mib(c->usage, usage), display_limit(c->soft_limit, soft),
	       display_limit(c->hard_limit, hard));
	return 0;
}

/* One line for each event, out at once: whoever reads is waiting for it. */
static int on_event(const struct purser_event *e, void *arg)
{
	struct listener *l = arg;
	int err = l->args->given & OPT_JSON ?
			  output_json(purser_event_json(e)) :
			  print_text(e);

	l->from_oldest = false;
	if (!err)
		err = output_flush();
	l->output = err;
	return err;
}

static int on_lost(uint64_t first, uint64_t last, void *arg)
{
	struct listener *l = arg;

	if (l->from_oldest)
		return 0;
	report(0,
	       "events %" PRIu64 " to %" PRIu64 " are lost: the kernel does "
	       "not hold them any more",
	       first, last);
	l->lost = true;
	return 0;
}

/* The exit code for what ended the delivery. */
static int finish(struct listener *l, int err, const char *doing)
{
	if (l->output == -ENOMEM)
		return output_finish(-ENOMEM);
	if (!err || l->output)
		return output_finish(0);
	return fail(err, purser_stream_last_error(&l->stream), "cannot %s",
		    doing);
}

/* Says that no event from now on will be missed. */
static int tell_ready(int fd)
{
	if (fd < 0)
		return 0;
	if (write(fd, "\n", 1) != 1) {
		report(-errno,
		       "cannot write to the file descriptor %d of "
		       "--ready-fd",
		       fd);
		return EXIT_FAILED;
	}
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}

/* Join before asking what is missing: there is no moment in between. */
static int start(struct listener *l)
{
	struct purser_stream *s = &l->stream;
	struct purser_info info;
	int fd, err;

	s->last = l->args->since;
	if (!(l->args->given & OPT_SINCE)) {
		err = purser_get_info(s->commands, &info);
		if (err)
			return err;
		s->last = info.events;
		purser_info_free(&info);
	}
	fd = purser_events_join(s->events, l->args->rcvbuf);
	if (fd < 0)
		return fd;
	err = purser_stream_catch_up(s);
	return err ? err : fd;
}

/* Deliver until a signal, an error, or the end of whoever reads the output. */
static int deliver(struct purser_stream *s, int events_fd, int signal_fd)
{
	struct pollfd fds[] = {
		{ .fd = events_fd, .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* POLLERR comes unasked */
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

static int monitor(struct listener *l)
{
	__cleanup_close int signal_fd = open_signal_fd();
	int fd, code;

	if (signal_fd < 0) {
		report(-errno, "cannot wait for signals");
		return EXIT_FAILED;
	}
	fd = start(l);
	if (fd < 0)
		return finish(l, fd, "listen to the events");
	code = tell_ready(l->args->ready_fd);
	if (code)
		return code;
	return finish(l, deliver(&l->stream, fd, signal_fd),
		      "listen to the events");
}

static void init(struct listener *l, const struct args *args)
{
	l->args = args;
	l->stream.event = on_event;
	l->stream.lost = on_lost;
	l->stream.arg = l;
}

int cmd_monitor(const struct args *args)
{
	struct listener l = { 0 };
	int code;

	init(&l, args);
	code = connect_table(&l.stream.commands);
	if (!code)
		code = connect_table(&l.stream.events);
	if (!code)
		code = monitor(&l);
	purser_close(l.stream.events);
	purser_close(l.stream.commands);
	return code;
}

int cmd_events(const struct args *args)
{
	struct listener l = { .from_oldest = !(args->given & OPT_SINCE) };
	int code;

	init(&l, args);
	code = connect_table(&l.stream.commands);
	if (code)
		return code;
	l.stream.last = args->since;
	code = finish(&l, purser_stream_catch_up(&l.stream), "read the events");
	if (!code && l.lost)
		code = EXIT_EVENTS_GONE;
	purser_close(l.stream.commands);
	return code;
}
