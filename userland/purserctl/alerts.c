// SPDX-License-Identifier: GPL-2.0
/* Running a command for each event, see alerts.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alerts.h"
#include "base/cleanup.h"
#include "base/loop.h"
#include "base/parse.h"
#include "base/quote.h"
#include "base/report.h"
#include "view/event_fields.h"

#define SHELL "/bin/sh"

/** struct alert - an event that waits, or the command that runs for it */
struct alert {
	struct alert *next;
	pid_t pid; /* 0: it waits */
	struct purser_event event;
};

/* What happened to the command of an event; @fmt: continues "CMD for event 7 (...) ". */
#define report_alert(alerts, event, fmt, ...)                           \
	report_warning("%s for event %" PRIu64 " (%s: %s) " fmt,        \
		       QUOTE((alerts)->options->command), (event)->seq, \
		       (event)->container.name,                         \
		       purser_event_name((event)->type), ##__VA_ARGS__)

static int add_field(const char *name, const char *value, void *arg)
{
	__cleanup_free char *entry = NULL;

	if (asprintf(&entry, "%s=%s", name, value) < 0) {
		entry = NULL;
		return -ENOMEM;
	}
	return string_list_add(arg, entry);
}

/* The fields of another event may be in the environment: leave those out. */
static int make_environment(const struct purser_event *e,
			    struct string_list *list)
{
	static const char prefix[] = EVENT_FIELDS_CONTAINER;
	int err = 0;

	for (char **entry = environ; !err && *entry; entry++) {
		if (strncmp(*entry, prefix, sizeof(prefix) - 1) &&
		    strncmp(*entry, "PURSER_SEQ=", 11) &&
		    strncmp(*entry, "PURSER_TIME=", 12) &&
		    strncmp(*entry, "PURSER_EVENT=", 13))
			err = string_list_add(list, *entry);
	}
	return err ? err : event_fields_each(e, add_field, list);
}

/* With a shell: sh -c COMMAND sh ARGUMENT... */
static int make_arguments(const struct alert_options *o,
			  struct string_list *list)
{
	int err = 0;

	if (o->shell) {
		err = string_list_add(list, "sh");
		if (!err)
			err = string_list_add(list, "-c");
	}
	if (!err)
		err = string_list_add(list, o->command);
	if (!err && o->shell)
		err = string_list_add(list, "sh");
	for (size_t i = 0; !err && i < o->arguments.n; i++)
		err = string_list_add(list, o->arguments.strings[i]);
	return err;
}

/* Signals are as in a new program, and there is no input. */
static int spawn(const char *program, char **argv, char **environment,
		 pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	err = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
					       "/dev/null", O_RDONLY, 0);
	if (!err)
		err = posix_spawnattr_setflags(&attributes,
					       POSIX_SPAWN_SETSIGMASK |
						       POSIX_SPAWN_SETSIGDEF);
	if (!err)
		err = posix_spawnattr_setsigdefault(&attributes, &all);
	if (!err)
		err = posix_spawnattr_setsigmask(&attributes, &none);
	if (!err)
		err = posix_spawnp(pid, program, &files, &attributes, argv,
				   environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

static int start(const struct alerts *alerts, struct alert *alert)
{
	const struct alert_options *o = alerts->options;
	struct string_list arguments = { 0 }, environment = { 0 };
	int err = make_arguments(o, &arguments);

	if (!err)
		err = make_environment(&alert->event, &environment);
	if (!err)
		err = spawn(o->shell ? SHELL : o->command, arguments.strings,
			    environment.strings, &alert->pid);
	string_list_free(&arguments);
	string_list_free(&environment);
	return err;
}

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
		int err = start(alerts, alert);

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
		alert->next = alerts->running;
		alerts->running = alert;
		alerts->n_running++;
	}
}

static void report_end(const struct alerts *alerts,
		       const struct purser_event *event, int status)
{
	char name[32];

	if (WIFSIGNALED(status))
		report_alert(alerts, event, "was ended by %s",
			     signal_name(WTERMSIG(status), name, sizeof(name)));
	else if (WEXITSTATUS(status))
		report_alert(alerts, event, "exited with status %d",
			     WEXITSTATUS(status));
}

/* Several ends can be one signal. */
static void reap(struct alerts *alerts)
{
	struct alert **link = &alerts->running;

	while (*link) {
		struct alert *alert = *link;
		int status;

		if (waitpid(alert->pid, &status, WNOHANG) <= 0) {
			link = &alert->next;
			continue;
		}
		report_end(alerts, &alert->event, status);
		*link = alert->next;
		alerts->n_running--;
		free(alert);
	}
}

static int fill(struct alerts *alerts)
{
	const size_t most = alerts->options->queue;

	start_waiting(alerts);
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

static int on_child(struct event_sink *sink, struct failure *failure)
{
	struct alerts *alerts = loop_container(sink, struct alerts, sink);
	struct signalfd_siginfo info;

	(void)failure;
	while (read(sink->fd, &info, sizeof(info)) == sizeof(info))
		;
	reap(alerts);
	return fill(alerts);
}

int alerts_open(struct alerts *alerts, const struct alert_options *options,
		struct failure *failure)
{
	sigset_t set;

	*alerts = (struct alerts){
		.sink = { .event = on_event, .fd = -1, .ready = on_child },
		.options = options,
	};
	alerts->end = &alerts->first;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		alerts->sink.fd = signalfd(-1, &set,
					   SFD_CLOEXEC | SFD_NONBLOCK);
	if (alerts->sink.fd < 0)
		return failed_errno(failure, -errno,
				    "cannot wait for commands");
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
	cleanup_close(&alerts->sink.fd);
	return n;
}
