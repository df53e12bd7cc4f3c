// SPDX-License-Identifier: GPL-2.0
/* start, stop and what all commands share. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "control/connection.h"
#include "commands.h"
#include "control/outcome.h"
#include "base/report.h"

/* The negative errno of any write until now; that of an earlier one is lost. */
static int output_error(void)
{
	struct pollfd fd = { .fd = STDOUT_FILENO };

	if (fflush(stdout))
		return -errno;
	if (!ferror(stdout))
		return 0;
	return poll(&fd, 1, 0) > 0 && fd.revents & POLLERR ? -EPIPE : -EIO;
}

int finish_output(void)
{
	int err = output_error();

	if (!err || err == -EPIPE)
		return EXIT_OK;
	report(err, "writing to standard output");
	return EXIT_FAILED;
}

static int print_started(struct json_object *reply)
{
	const char *id;
	int pid;

	if (!object_is(reply, "type", "started") ||
	    object_get_string(reply, "id", &id) ||
	    object_get_int(reply, "pid", &pid))
		return reply_is_strange();
	reply_warning(reply);
	printf("%s: started, pid %d\n", id, pid);
	return finish_output();
}

int command_start(const struct start_options *options)
{
	struct connection connection;
	struct json_object *reply;
	struct object m;
	int code = connection_open(&connection, options->run_dir);

	if (code)
		goto out;
	m = message_begin("start", NULL);
	request_encode(&options->request, &m);
	code = connection_send(&connection, object_done(&m));
	if (!code)
		code = connection_receive(&connection, &reply);
	if (code)
		goto out;
	code = print_started(reply);
	json_object_put(reply);
out:
	connection_close(&connection);
	return code;
}

static struct json_object *stop_request(const struct stop_options *options)
{
	struct object m = message_begin("stop", NULL);

	object_add_string(&m, "id", options->id);
	object_add_int(&m, "signal", options->signal);
	object_add_u64(&m, "grace_ms", options->grace_ms);
	object_add_bool(&m, "wait", true);
	return object_done(&m);
}

/* One of the two answers to a stop; sets @ended with the second. */
static int take_stop_reply(struct json_object *reply,
			   const struct stop_options *options, bool *ended)
{
	struct outcome outcome;
	char text[OUTCOME_TEXT_LEN];
	bool already;
	int code;

	if (object_is(reply, "type", "stopping") &&
	    !object_get_bool(reply, "already", &already)) {
		if (already)
			report(0,
			       "container \"%s\" is on its way to its end already: this stop sends no signal, and kills it when its time is over",
			       options->id);
		return EXIT_OK;
	}
	if (!object_is(reply, "type", "ended") ||
	    outcome_decode(reply, &outcome))
		return reply_is_strange();
	*ended = true;
	printf("%s: %s\n", options->id, outcome_text(&outcome, text));
	code = finish_output();
	reply_tell_loss(reply, options->id);
	return code;
}

int command_stop(const struct stop_options *options)
{
	struct connection connection;
	struct json_object *reply;
	bool ended = false;
	int code = connection_open(&connection, options->run_dir);

	if (!code)
		code = connection_send(&connection, stop_request(options));
	while (!code && !ended) {
		code = connection_receive(&connection, &reply);
		if (code)
			break;
		code = take_stop_reply(reply, options, &ended);
		json_object_put(reply);
	}
	connection_close(&connection);
	return code;
}
