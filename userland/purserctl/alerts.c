// SPDX-License-Identifier: GPL-2.0
/* Running a command for each event, see alerts.h. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alert_command.h"
#include "alerts.h"
#include "base/clock.h"
#include "base/parse.h"
#include "base/quote.h"
#include "base/report.h"
#include "base/timer.h"

/* Between SIGTERM and SIGKILL. */
#define GRACE_MS 5000

/** struct alert - an event that waits, or the command that runs for it */
struct alert {
	struct alert *next;
	pid_t pid;     /* 0: it waits */
	int64_t since; /* its start, or the first signal; of CLOCK_MONOTONIC */
	int signals;   /* how many it has got: SIGTERM, then SIGKILL */
	struct purser_event event;
};

/* What happened to the command of an event; @fmt: continues "CMD for event 7 (...) ". */
#define report_alert(alerts, event, fmt, ...)                           \
	report_warning("%s for event %" PRIu64 " (%s: %s) " fmt,        \
		       QUOTE((alerts)->options->command), (event)->seq, \
		       (event)->container.name,                         \
		       purser_event_name((event)->type), ##__VA_ARGS__)

/* Short of something that an end of another command gives back? */
static bool may_be_later(const struct alerts *alerts, int err)
{
	return alerts->n_running && (err == -EAGAIN || err == -ENOMEM ||
				     err == -EMFILE || err == -ENFILE);
}

/* Start commands in the order of the events, as long as one may run. */
static void start_waiting(struct alerts *alerts)
{
	struct alert *alert;

	while ((alert = alerts->first) &&
	       alerts->n_running < alerts->options->most) {
		int err = alert_command_start(alerts->options, &alert->event,
					      &alert->pid);

		if (may_be_later(alerts, err))
			return;
		alerts->first = alert->next;
		if (!alerts->first)
			alerts->end = &alerts->first;
		alerts->n_waiting--;
		if (err) {
			report_alert(alerts, &alert->event, "cannot be run: %s",
				     strerror(-err));
			free(alert);
			continue;
		}
		alert->since = clock_ns(CLOCK_MONOTONIC);
		alert->next = alerts->running;
		alerts->running = alert;
		alerts->n_running++;
	}
}

static void report_end(const struct alerts *alerts, const struct alert *alert,
		       int status)
{
	char late[64] = "", name[32];

	if (alert->signals)
		snprintf(late, sizeof(late), "exceeded its time of %g s and ",
			 alerts->options->limit_ms / 1000.0);
	if (WIFSIGNALED(status))
		report_alert(alerts, &alert->event, "%swas ended by %s", late,
			     signal_name(WTERMSIG(status), name, sizeof(name)));
	else if (WEXITSTATUS(status) || alert->signals)
		report_alert(alerts, &alert->event, "%sexited with status %d",
			     late, WEXITSTATUS(status));
}

/*
 * Tell whether a command has ended. If it was overdue, so were the processes that it has
 * started: as long as it is not reaped, no other group has its number.
 */
static bool has_ended(struct alert *alert, int *status)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, alert->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	    !info.si_pid)
		return false;
	if (alert->signals)
		kill(-alert->pid, SIGKILL);
	return waitpid(alert->pid, status, 0) == alert->pid;
}

/* Several ends can be one signal. */
static void reap(struct alerts *alerts)
{
	struct alert **link = &alerts->running;

	while (*link) {
		struct alert *alert = *link;
		int status;

		if (!has_ended(alert, &status)) {
			link = &alert->next;
			continue;
		}
		report_end(alerts, alert, status);
		*link = alert->next;
		alerts->n_running--;
		free(alert);
	}
}

/* When a command gets its next signal; 0: never. */
static int64_t due(const struct alerts *alerts, const struct alert *alert)
{
	int64_t ms[] = { alerts->options->limit_ms, alerts->grace_ms, 0 };

	if (!ms[alert->signals])
		return 0;
	return alert->since + ms[alert->signals] * NSEC_PER_MSEC;
}

static void end_overdue(struct alerts *alerts)
{
	const int64_t now = clock_ns(CLOCK_MONOTONIC);

	for (struct alert *a = alerts->running; a; a = a->next) {
		const int64_t when = due(alerts, a);

		if (!when || when > now)
			continue;
		kill(-a->pid, a->signals ? SIGKILL : SIGTERM);
		a->signals++;
		a->since = now;
	}
}

/* Have the timer expire when the first signal is due. */
static void set_timer(struct alerts *alerts)
{
	int64_t first = INT64_MAX, left;

	for (const struct alert *a = alerts->running; a; a = a->next) {
		const int64_t when = due(alerts, a);

		if (when && when < first)
			first = when;
	}
	if (first == INT64_MAX)
		return;
	left = first - clock_ns(CLOCK_MONOTONIC);
	timer_set(&alerts->timer, left > 0 ? left / NSEC_PER_MSEC + 1 : 0);
}

static int fill(struct alerts *alerts)
{
	const size_t most = alerts->options->queue;

	start_waiting(alerts);
	set_timer(alerts);
	if (alerts->n_waiting >= most)
		alerts->full = true;
	else if (alerts->n_waiting <= most / 2)
		alerts->full = false;
	return alerts->full;
}

static int on_event(struct event_sink *sink, const struct purser_event *e,
		    struct failure *failure)
{
	struct alerts *alerts = loop_container(sink, struct alerts, sink);
	struct alert *alert = malloc(sizeof(*alert));

	if (!alert)
		return failed_errno(failure, -ENOMEM, "event %" PRIu64, e->seq);
	*alert = (struct alert){ .event = *e };
	*alerts->end = alert;
	alerts->end = &alert->next;
	alerts->n_waiting++;
	return fill(alerts);
}

static void on_child(struct loop_source *source)
{
	struct alerts *alerts = loop_container(source, struct alerts, children);
	struct signalfd_siginfo info;

	while (read(source->fd, &info, sizeof(info)) == sizeof(info))
		;
	reap(alerts);
}

static void on_timer(struct loop_source *source)
{
	struct alerts *alerts = loop_container(source, struct alerts, timer);

	if (timer_expired(source))
		end_overdue(alerts);
}

static int on_ready(struct event_sink *sink, struct failure *failure)
{
	struct alerts *alerts = loop_container(sink, struct alerts, sink);
	int err = loop_turn(&alerts->loop);

	if (err)
		return failed_errno(failure, err, "cannot wait for commands");
	return fill(alerts);
}

static void close_loop(struct alerts *alerts)
{
	loop_close_source(&alerts->loop, &alerts->children);
	loop_close_source(&alerts->loop, &alerts->timer);
	loop_close(&alerts->loop);
	alerts->sink.fd = -1;
}

static int watch_children(struct alerts *alerts)
{
	sigset_t set;
	int fd, err;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = loop_add(&alerts->loop, &alerts->children, fd, EPOLLIN, on_child);
	if (err)
		close(fd);
	return err;
}

int alerts_open(struct alerts *alerts, const struct alert_options *options,
		struct failure *failure)
{
	int err;

	*alerts = (struct alerts){
		.sink = { .event = on_event, .fd = -1, .ready = on_ready },
		.children.fd = -1,
		.timer.fd = -1,
		.options = options,
		.grace_ms = GRACE_MS,
	};
	alerts->end = &alerts->first;
	err = loop_open(&alerts->loop);
	if (err)
		return failed_errno(failure, err, "cannot wait for commands");
	err = watch_children(alerts);
	if (!err)
		err = timer_add(&alerts->loop, &alerts->timer, on_timer);
	if (err) {
		close_loop(alerts);
		return failed_errno(failure, err, "cannot wait for commands");
	}
	alerts->sink.fd = alerts->loop.epoll_fd;
	return 0;
}

static void free_list(struct alert *alert)
{
	while (alert) {
		struct alert *next = alert->next;

		free(alert);
		alert = next;
	}
}

size_t alerts_close(struct alerts *alerts)
{
	const size_t n = alerts->n_waiting;

	if (n)
		report_warning(
			"%s was not run for %zu events, the first of which is %" PRIu64
			": \"--since %" PRIu64 "\" goes on with that",
			QUOTE(alerts->options->command), n,
			alerts->first->event.seq, alerts->first->event.seq - 1);
	free_list(alerts->first);
	free_list(alerts->running);
	close_loop(alerts);
	return n;
}
