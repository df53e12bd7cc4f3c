// SPDX-License-Identifier: GPL-2.0
/* The commands stop, restart and rm. */
#include <stdio.h>

#include "base/report.h"
#include "base/standard.h"
#include "commands.h"
#include "control/outcome.h"
#include "requests.h"
#include "started.h"

static unsigned int grace_of(const struct stop_options *o)
{
	return o->has_time ? o->grace_ms : STOP_DEFAULT_GRACE;
}

static int send_stop(struct connection *connection, const char *id,
		     const void *options, struct failure *failure)
{
	const struct stop_options *o = options;

	return connection_stop(connection, id, o->signal, grace_of(o), true,
			       failure);
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

static int take_stop(struct connection *connection, const char *id,
		     struct failure *failure)
{
	struct json_object *reply;
	bool ended = false;
	int err = 0;

	while (!err && !ended) {
		err = connection_receive(connection, &reply, failure);
		if (err)
			break;
		err = take_stop_reply(reply, id, &ended, failure);
		json_object_put(reply);
	}
	return err;
}

int command_stop(const struct command_line *line, struct failure *failure)
{
	const struct stop_options *options = line->options;
	const struct requests requests = { send_stop, take_stop, options };

	return requests_send(&requests, options->run_dir, &options->ids,
			     failure);
}

static int send_restart(struct connection *connection, const char *id,
			const void *options, struct failure *failure)
{
	const struct stop_options *o = options;

	return connection_restart(connection, id, o->signal, grace_of(o),
				  failure);
}

static int take_restart(struct connection *connection, const char *id,
			struct failure *failure)
{
	struct json_object *reply;
	int err = connection_receive(connection, &reply, failure);

	(void)id;
	if (err)
		return err;
	err = print_started(reply, failure);
	json_object_put(reply);
	return err;
}

int command_restart(const struct command_line *line, struct failure *failure)
{
	const struct stop_options *options = line->options;
	const struct requests requests = { send_restart, take_restart,
					   options };

	return requests_send(&requests, options->run_dir, &options->ids,
			     failure);
}

static int send_remove(struct connection *connection, const char *id,
		       const void *options, struct failure *failure)
{
	const struct rm_options *o = options;

	return connection_remove(connection, id, o->force, failure);
}

/* Handle an answer to a removal. Returns 1 if it was the last one, 0, or -1. */
static int take_removed(struct json_object *reply, const char *id,
			struct failure *failure)
{
	if (object_is(reply, "type", "end"))
		return 1;
	/* It was alive, has ended, and is removed. */
	if (id && object_is(reply, "type", "ended")) {
		printf("%s: removed\n", id);
		return 1;
	}
	if (!object_is(reply, "type", "removed") ||
	    object_get_string(reply, "id", &id))
		return reply_is_strange(failure);
	printf("%s: removed\n", id);
	return 0;
}

static int take_remove(struct connection *connection, const char *id,
		       struct failure *failure)
{
	struct json_object *reply;
	int ret = 0;

	while (!ret) {
		if (connection_receive(connection, &reply, failure))
			return -1;
		ret = take_removed(reply, id, failure);
		json_object_put(reply);
	}
	return ret < 0 ? -1 : 0;
}

static int remove_ended(const struct rm_options *options,
			struct failure *failure)
{
	struct connection connection;
	int err = connection_open(&connection, options->run_dir, failure);

	if (!err)
		err = connection_remove(&connection, NULL, false, failure);
	if (!err)
		err = take_remove(&connection, NULL, failure);
	connection_close(&connection);
	return err;
}

int command_rm(const struct command_line *line, struct failure *failure)
{
	const struct rm_options *options = line->options;
	const struct requests requests = { send_remove, take_remove, options };

	if (options->ended)
		return remove_ended(options, failure);
	return requests_send(&requests, options->run_dir, &options->ids,
			     failure);
}
