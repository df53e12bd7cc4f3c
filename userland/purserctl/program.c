// SPDX-License-Identifier: GPL-2.0
/* The tables of purserctl's command line, see program.h. */
#include <errno.h>
#include <limits.h>

#include "base/array.h"
#include "base/parse.h"
#include "commands.h"
#include "program.h"

/* The kernel reserves twice as much, and counts it in an int. */
#define MAX_RCVBUF (INT_MAX / 2)

static int parse_name(const char *text, void *to)
{
	if (check_container_name(text))
		return -EINVAL;
	*(const char **)to = text;
	return 0;
}

static int parse_listen(const char *text, void *to)
{
	return listen_address_parse(text, to);
}

/* clang-format off */
#define TO(member) OPTION_TO(struct ctl_options, member)
#define GIVEN(member) .given = offsetof(struct ctl_options, member)

#define NAME { .name = "NAME", .kind = OPTION_OWN, TO(ref.name),		\
	.parse = parse_name, .wanted = "1 to 127 letters, digits, \"_\", \".\", " \
	"\"+\" and \"-\", a letter or digit first" }
#define ID { .name = "id", .kind = OPTION_NUMBER, .in_synopsis = true, TO(ref.id), \
	.min = 1, .value = "ID",					\
	.about = "the container with this id, live or ended" }
#define PID { .name = "pid", .kind = OPTION_NUMBER, .in_synopsis = true,	\
	TO(ref.pid), .min = 1, .max = INT_MAX, .value = "PID",	\
	.about = "the live container whose init is this process" }
#define SOFT(absent) { .name = "soft-mib", .kind = OPTION_MIB, TO(soft_limit),	\
	GIVEN(has_soft_limit), .value = "N", .initial_text = absent,			\
	.about = "soft limit in MiB, 0 for none: the module makes an event when usage reaches it" }
#define HARD(absent) { .name = "hard-mib", .kind = OPTION_MIB, TO(hard_limit),	\
	GIVEN(has_hard_limit), .value = "N", .initial_text = absent,			\
	.about = "hard limit in MiB, 0 for none: the module kills the container if usage exceeds it" }
#define SINCE(absent) { .name = "since", .kind = OPTION_NUMBER, TO(events.since),	\
	GIVEN(events.has_since), .value = "N", .initial_text = absent,			\
	.about = "print only events with a number above N" }
#define FILTER EVENT_CONTAINER(TO(events.filter.containers)),				\
	EVENT_TYPE(TO(events.filter.types)), EVENT_REASON(TO(events.filter.reasons))
#define JSON { .name = "json", .kind = OPTION_FLAG, TO(json), .about = "print JSON" }
#define NO_TRUNC { .name = "no-trunc", .kind = OPTION_FLAG, TO(no_trunc),		\
	.about = "do not shorten texts to fit the terminal" }

static const struct option list_options[] = {
	{ .name = "state", .kind = OPTION_CHOICE, TO(state),
	  .min = PURSER_STATE_STARTING,
	  .value = "starting|running|stopping|killing|exited", .initial_text = "all",
	  .about = "print only records in this state" },
	NO_TRUNC,
	JSON,
	{ 0 },
};

static const struct option show_options[] = { ID, PID, JSON, { 0 } };
static const struct option unregister_options[] = { ID, PID, { 0 } };
static const struct option set_options[] = {
	ID, PID, SOFT("unchanged"), HARD("unchanged"), { 0 },
};

static const struct option register_options[] = {
	{ .name = "pidfd", .kind = OPTION_FD, .in_synopsis = true, TO(pidfd),
	  .value = "FD", .about = "register the process of this pidfd" },
	{ .name = "unit", .kind = OPTION_STRING, .in_synopsis = true, TO(unit),
	  .value = "UNIT", .about = "register the main process of this unit of systemd" },
	{ .name = "cgroup", .kind = OPTION_STRING, .in_synopsis = true, TO(cgroup),
	  .value = "PATH",
	  .about = "register the process in this cgroup from which all others there descend" },
	{ .name = "comm", .kind = OPTION_STRING, .in_synopsis = true, TO(comm),
	  .value = "COMM",
	  .about = "register the process of this name from which all others of it descend" },
	SOFT("none"), HARD("none"),
	{ .name = "wait-exec", .kind = OPTION_FLAG, TO(wait_exec),
	  .about = "print only when the process has called execve()" },
	JSON,
	{ 0 },
};

static const struct option stop_options[] = {
	ID, PID,
	{ .name = "signal", .kind = OPTION_SIGNAL, TO(signal), .value = "SIGNAL",
	  .initial = "TERM",
	  .about = "the signal that asks the container to end" },
	{ .name = "time", .kind = OPTION_SECONDS, TO(grace_ms),
	  .max = PURSER_GRACE_MAX_MS, .value = "SECONDS", .initial = "10",
	  .about = "the time from that signal to SIGKILL" },
	{ .name = "no-wait", .kind = OPTION_FLAG, TO(no_wait),
	  .about = "do not wait for the end" },
	JSON,
	{ 0 },
};

static const struct option info_options[] = { JSON, { 0 } };

static const struct option top_options[] = {
	{ .name = "sort", .kind = OPTION_CHOICE, TO(top.by), .min = SAMPLE_NAME,
	  .value = "name|cpu|usage|soft|hard|peak|procs|age", .initial = "usage",
	  .about = "the order of the rows: names ascending, numbers descending" },
	{ .name = "reverse", .kind = OPTION_FLAG, TO(top.reverse),
	  .about = "the opposite order" },
	{ .name = "interval", .kind = OPTION_SECONDS, TO(top.interval_ms), .min = 1000,
	  .max = 3600000, .value = "SECONDS", .initial = "1",
	  .about = "the time from one table to the next" },
	{ .name = "once", .kind = OPTION_FLAG, TO(top.once),
	  .about = "print one table, and exit" },
	{ 0 },
};

static const struct option monitor_options[] = {
	SINCE("the number of the last event"),
	{ .name = "ready-fd", .kind = OPTION_FD, TO(events.ready_fd), .value = "FD",
	  .initial_text = "none",
	  .about = "write a line to this descriptor and close it when no later event can be missed" },
	{ .name = "rcvbuf", .kind = OPTION_NUMBER, TO(events.rcvbuf), .min = 1,
	  .max = MAX_RCVBUF, .value = "BYTES", .initial_text = "1048576",
	  .about = "the size of the socket's buffer for events" },
	FILTER,
	{ .name = "exec", .kind = OPTION_STRING, TO(alerts.command), .value = "CMD",
	  .about = "run this program for each event, with the words after \"--\"; print no events" },
	{ .name = "exec-shell", .kind = OPTION_FLAG, TO(alerts.shell),
	  .about = "CMD is a text for sh, which gets the words after \"--\" as $1, $2, ..." },
	{ .name = "exec-max", .kind = OPTION_NUMBER, TO(alerts.most), .min = 1,
	  .max = 1000, .value = "N", .initial = "4",
	  .about = "run so many at a time; further events wait in their order" },
	{ .name = "exec-queue", .kind = OPTION_NUMBER, TO(alerts.queue), .min = 1,
	  .max = 1000000, .value = "N", .initial = "10000",
	  .about = "so many events wait in memory, and further ones in the kernel's log" },
	{ .name = "exec-timeout", .kind = OPTION_SECONDS, TO(alerts.limit_ms),
	  .max = 86400000, .value = "SECONDS", .initial = "60",
	  .about = "end a command after this time with SIGTERM, 5 seconds later SIGKILL; 0 for never" },
	{ .name = "journal", .kind = OPTION_FLAG, TO(journal),
	  .about = "send each event to the journal of systemd; print no events" },
	EVENT_TIME(TO(events.time)),
	NO_TRUNC,
	JSON,
	{ 0 },
};

static const struct option events_options[] = {
	SINCE("0; then missing events are no error"), FILTER, EVENT_TIME(TO(events.time)),
	NO_TRUNC, JSON, { 0 },
};

static const struct option metrics_options[] = {
	{ .name = "format", .kind = OPTION_CHOICE, TO(metrics.format),
	  GIVEN(metrics.has_format), .min = EXPOSITION_OPENMETRICS,
	  .value = "openmetrics|prometheus",
	  .initial_text = "openmetrics, with --textfile prometheus",
	  .about = "the format of the text" },
	{ .name = "textfile", .kind = OPTION_STRING, TO(metrics.textfile), .value = "FILE",
	  .initial_text = "standard output",
	  .about = "replace this file, at once and as a whole" },
	{ .name = "listen", .kind = OPTION_OWN, TO(metrics.listen), .value = "ADDRESS",
	  .parse = parse_listen, .wanted = LISTEN_ADDRESS_WANTED, .initial_text = "none",
	  .about = "serve http://ADDRESS/metrics until SIGINT or SIGTERM" },
	{ .name = "max-clients", .kind = OPTION_NUMBER, TO(metrics.max_clients),
	  GIVEN(metrics.has_max_clients), .min = 1, .max = METRICS_MAX_CLIENTS,
	  .value = "N", .initial = "16", .about = "serve at most N clients at a time" },
	{ .name = "timeout", .kind = OPTION_SECONDS, TO(metrics.limit_ms),
	  GIVEN(metrics.has_limit), .min = 1000, .max = 3600000, .value = "SECONDS",
	  .initial = "10",
	  .about = "the time for a client to send its request, and to read the answer" },
	{ .name = "ready-fd", .kind = OPTION_FD, TO(metrics.ready_fd), .value = "FD",
	  .initial_text = "none",
	  .about = "write the address to this descriptor and close it when clients can connect" },
	{ 0 },
};

static const struct option name_operand[] = { NAME, { 0 } };
static const struct option register_operands[] = {
	NAME,
	{ .name = "PID", .kind = OPTION_NUMBER, TO(pid), .min = 1, .max = INT_MAX },
	{ 0 },
};
/* clang-format on */

static int check_ref(void *options, struct failure *failure)
{
	const struct purser_ref *ref = &((struct ctl_options *)options)->ref;

	if (!!ref->name + !!ref->id + !!ref->pid == 1)
		return 0;
	return failed(failure, EXIT_USAGE, "one NAME, --id or --pid is needed");
}

static int check_limits(const struct ctl_options *o, struct failure *failure)
{
	if (!o->soft_limit || !o->hard_limit || o->soft_limit <= o->hard_limit)
		return 0;
	return failed(
		failure, EXIT_USAGE,
		"the soft limit (%llu MiB) is above the hard limit (%llu MiB)",
		(unsigned long long)o->soft_limit >> 20,
		(unsigned long long)o->hard_limit >> 20);
}

static int check_set(void *options, struct failure *failure)
{
	const struct ctl_options *o = options;

	if (check_ref(options, failure))
		return -1;
	if (!o->has_soft_limit && !o->has_hard_limit)
		return failed(failure, EXIT_USAGE,
			      "--soft-mib or --hard-mib is needed");
	return check_limits(o, failure);
}

static int check_register(void *options, struct failure *failure)
{
	const struct ctl_options *o = options;

	if (!!o->pid + (o->pidfd >= 0) + !!o->unit + !!o->cgroup + !!o->comm !=
	    1)
		return failed(
			failure, EXIT_USAGE,
			"one PID, --pidfd, --unit, --cgroup or --comm is needed");
	return check_limits(o, failure);
}

static void release_events(void *options)
{
	struct ctl_options *o = options;

	event_filter_free(&o->events.filter);
	string_list_free(&o->alerts.arguments);
}

static int check_monitor(void *options, struct failure *failure)
{
	const struct ctl_options *o = options;

	if (o->alerts.command)
		return 0;
	if (o->alerts.arguments.n)
		return failed(failure, EXIT_USAGE,
			      "\"%s\" is one argument too many without --exec",
			      o->alerts.arguments.strings[0]);
	if (o->alerts.shell)
		return failed(failure, EXIT_USAGE, "--exec-shell needs --exec");
	return 0;
}

static int check_metrics(void *options, struct failure *failure)
{
	const struct metrics_options *m =
		&((struct ctl_options *)options)->metrics;
	bool serves = m->listen.len;

	if (serves && m->textfile)
		return failed(failure, EXIT_USAGE,
			      "--textfile and --listen exclude each other");
	if (serves && m->has_format)
		return failed(failure, EXIT_USAGE,
			      "with --listen each client chooses the format");
	if (!serves && (m->has_max_clients || m->has_limit || m->ready_fd >= 0))
		return failed(
			failure, EXIT_USAGE,
			"--max-clients, --timeout and --ready-fd need --listen");
	return 0;
}

#define COMMON .size = sizeof(struct ctl_options)
#define REF                                            \
	.forms = { "NAME|--id ID|--pid PID" }, COMMON, \
	.operands = name_operand, .check = check_ref

static const struct command commands[] = {
	{
		.name = "list",
		COMMON,
		.about = "print all records, live and ended",
		.options = list_options,
		.run = cmd_list,
	},
	{
		.name = "show",
		REF,
		.about = "print all fields of one record",
		.options = show_options,
		.run = cmd_show,
	},
	{
		.name = "register",
		COMMON,
		.forms = { "NAME PID|--pidfd FD|--unit UNIT|--cgroup PATH|--comm COMM" },
		.about =
			"register a running process and its descendants as a container",
		.options = register_options,
		.operands = register_operands,
		.n_needed = 1,
		.check = check_register,
		.run = cmd_register,
	},
	{
		.name = "unregister",
		REF,
		.about = "stop monitoring a container, or forget an ended one",
		.options = unregister_options,
		.run = cmd_unregister,
	},
	{
		.name = "set",
		COMMON,
		.forms = { "NAME|--id ID|--pid PID" },
		.about = "change the limits of a live container",
		.options = set_options,
		.operands = name_operand,
		.check = check_set,
		.run = cmd_set,
	},
	{
		.name = "stop",
		REF,
		.about = "stop a container and wait until it has ended",
		.options = stop_options,
		.run = cmd_stop,
	},
	{
		.name = "wait",
		REF,
		.about = "wait until a container has ended",
		.options = show_options,
		.run = cmd_wait,
	},
	{
		.name = "info",
		COMMON,
		.about = "print the module's counters and versions",
		.options = info_options,
		.run = cmd_info,
	},
	{
		.name = "policy",
		COMMON,
		.about =
			"print the commands and attributes that the loaded module accepts",
		.options = info_options,
		.run = cmd_policy,
	},
	{
		.name = "top",
		COMMON,
		.about = "show what live containers use, again and again",
		.options = top_options,
		.run = cmd_top,
	},
	{
		.name = "metrics",
		COMMON,
		.forms = { "[OPTION...]" },
		.about = "print the table as metrics for Prometheus",
		.options = metrics_options,
		.check = check_metrics,
		.run = cmd_metrics,
	},
	{
		.name = "monitor",
		COMMON,
		.forms = { "[OPTION...] [-- ARGUMENT...]" },
		.about = "print events as they happen, or act on them",
		.options = monitor_options,
		.passes_on = true,
		.rest = offsetof(struct ctl_options, alerts.arguments),
		.check = check_monitor,
		.release = release_events,
		.run = cmd_monitor,
	},
	{
		.name = "events",
		COMMON,
		.about = "print the events in the kernel's event log",
		.options = events_options,
		.release = release_events,
		.run = cmd_events,
	},
};

const struct program purserctl_program = {
	.name = "purserctl",
	.commands = commands,
	.n_commands = ARRAY_SIZE(commands),
	.options_anywhere = true,
	.notes =
		"Exit status: 0 done, 1 refused or failed, 2 usage, 4 the module is not loaded,\n"
		"5 no permission, 6 some events have left the log. See purserctl(8).\n",
};
