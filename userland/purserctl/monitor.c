// SPDX-License-Identifier: GPL-2.0
/*
 * "purserctl monitor" prints events as they happen, or gives them to the journal and to a
 * command. "purserctl events" prints those of the kernel's log.
 */
#include <inttypes.h>

#include "base/loop.h"
#include "commands.h"
#include "journal.h"

/** struct outlets - where the events go, in place of stdout */
struct outlets {
	struct event_sink sink;
	struct alerts alerts;
	struct journal journal;
	bool has_alerts, has_journal;
};

static struct event_options options_of(const struct ctl_options *o)
{
	struct event_options options = o->events;

	options.json = o->json;
	options.no_trunc = o->no_trunc;
	return options;
}

static int on_event(struct event_sink *sink, const struct purser_event *e,
		    struct failure *failure)
{
	struct outlets *to = loop_container(sink, struct outlets, sink);
	int err = 0;

	if (to->has_journal)
		err = journal_send(&to->journal, e);
	if (err)
		return failed_errno(failure, err,
				    "cannot send event %" PRIu64
				    " to the journal (\"--since %" PRIu64
				    "\" goes on with it)",
				    e->seq, e->seq - 1);
	if (!to->has_alerts)
		return 0;
	return to->alerts.sink.event(&to->alerts.sink, e, failure);
}

static int on_ready(struct event_sink *sink, struct failure *failure)
{
	struct outlets *to = loop_container(sink, struct outlets, sink);

	return to->alerts.sink.ready(&to->alerts.sink, failure);
}

static int open_outlets(struct outlets *to, const struct ctl_options *o,
			struct failure *failure)
{
	*to = (struct outlets){
		.sink = { .event = on_event, .fd = -1, .ready = on_ready },
		.alerts.sink.fd = -1,
		.journal.fd = -1,
		.has_alerts = o->alerts.command,
		.has_journal = o->journal,
	};
	if (to->has_journal &&
	    journal_open(&to->journal, JOURNAL_SOCKET, failure))
		return -1;
	if (to->has_alerts) {
		if (alerts_open(&to->alerts, &o->alerts, failure))
			return -1;
		to->sink.fd = to->alerts.sink.fd;
	}
	return 0;
}

/* Returns the exit status, or -1 as @status is. */
static int close_outlets(struct outlets *to, int status)
{
	journal_close(&to->journal);
	if (to->has_alerts && alerts_close(&to->alerts) && !status)
		status = EXIT_FAILED;
	return status;
}

int cmd_monitor(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	struct event_options options = options_of(o);
	struct outlets to;
	int status;

	if (!o->alerts.command && !o->journal)
		return events_follow(&options, failure);
	status = open_outlets(&to, o, failure);
	options.sink = &to.sink;
	if (!status)
		status = events_follow(&options, failure);
	return close_outlets(&to, status);
}

int cmd_events(const struct command_line *line, struct failure *failure)
{
	const struct event_options options = options_of(line->options);

	return events_print(&options, failure);
}
