// SPDX-License-Identifier: GPL-2.0
/* The commands supervisor, start and stop. */
#include <stdio.h>

#include "base/report.h"
#include "base/standard.h"
#include "commands.h"
#include "control/connection.h"
#include "control/outcome.h"
#include "supervisor/serve.h"

int command_supervisor(const struct command_line *line, struct failure *failure)
{
	return supervisor_run(line->options, line->argv, failure);
}

static int print_started(struct json_object *reply, struct failure *failure)
{
	const char *id;
	int pid;

	if (!object_is(reply, "type", "started") ||
	    object_get_string(reply, "id", &id) ||
	    object_get_int(reply, "pid", &pid))
		return reply_is_strange(failure);
	reply_warning(reply);
	printf("%s: started, pid %d\n", id, pid);
	return EXIT_OK;
}

int command_start(const struct command_line *line, struct failure *failure)
{
	const struct start_options *options = line->options;
	struct connection connection;
	struct json_object *reply;
	int err = connection_open(&connection, options->run_dir, failure);

	if (!err)
		err = connection_start(&connection, "start", &options->request,
				       failure);
	if (!err)
		err = connection_receive(&connection, &reply, failure);
	if (!err) {
		err = print_started(reply, failure);
		json_object_put(reply);
	}
	connection_close(&connection);
	return err;
}

/* Handle one of the two answers to a stop. @ended: set by the second */
static int take_stop_reply(struct json_object *reply, const char *id,
			   bool *ended, struct failure *failure)
{
	struct outcome outcome;
	char text[OUTCOME_TEXT_LEN];
	bool already;

	if (object_is(reply, "type", "stopping") &&
	    !object_get_bool(reply, "already", &already)) {
		if (already)
			report_warning(
				"container \"%s\" is ending already: this stop sends no signal, but SIGKILL follows when its time is over",
				id);
		return 0;
	}
	if (!object_is(reply, "type", "ended") ||
	    outcome_decode(reply, &outcome))
		return reply_is_strange(failure);
	*ended = true;
	printf("%s: %s\n", id, outcome_text(&outcome, text));
	/* Print it before the warning below. An error is reported at the end. */
	(void)standard_flush();
	reply_tell_loss(reply, id);
	return 0;
}

int command_stop(const struct command_line *line, struct failure *failure)
{
	const struct stop_options *options = line->options;
	struct connection connection;
	struct json_object *reply;
	bool ended = false;
	int err = connection_open(&connection, options->run_dir, failure);

	if (!err)
		err = connection_stop(&connection, options->id, options->signal,
				      options->grace_ms, true, failure);
	while (!err && !ended) {
		err = connection_receive(&connection, &reply, failure);
		if (err)
			break;
		err = take_stop_reply(reply, options->id, &ended, failure);
		json_object_put(reply);
	}
	connection_close(&connection);
	return err;
}
