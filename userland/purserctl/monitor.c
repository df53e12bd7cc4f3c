// SPDX-License-Identifier: GPL-2.0
/* "purserctl monitor" prints events as they happen, "purserctl events" those of the log. */
#include "commands.h"

static struct event_options options_of(const struct command_line *line)
{
	const struct ctl_options *o = line->options;
	struct event_options options = o->events;

	options.json = o->json;
	options.no_trunc = o->no_trunc;
	return options;
}

int cmd_monitor(const struct command_line *line, struct failure *failure)
{
	const struct event_options options = options_of(line);

	return events_follow(&options, failure);
}

int cmd_events(const struct command_line *line, struct failure *failure)
{
	const struct event_options options = options_of(line);

	return events_print(&options, failure);
}
