// SPDX-License-Identifier: GPL-2.0
/* The operations of the control protocol, see operations.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "adjust.h"
#include "again.h"
#include "base/array.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "base/report.h"
#include "container_kept.h"
#include "container_log.h"
#include "end.h"
#include "operation.h"
#include "operations.h"
#include "removal.h"
#include "rows.h"
#include "shutdown.h"

/* It has ended. If it waits for a restart, that is stopped. */
static int stop_ended(struct client *client, struct container *c,
		      const struct stop *stop, struct failure *failure)
{
	struct object reply = message_begin("stop", "stopping");
	char text[OUTCOME_TEXT_LEN];

	if (!restarts_cancel(&c->supervisor->restarts, c->name)) {
		json_object_put(object_done(&reply));
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" has ended already: %s", c->name,
			      outcome_text(&c->now, text));
	}
	request_note_restarting(c->supervisor, c->name, false);
	if (c->again.policy == RESTART_ALWAYS)
		container_note_stopped(c);
	object_add_bool(&reply, "already", false);
	client_reply(client, object_done(&reply));
	if (stop->wait)
		waiter_answer(client, waiter_operation(WAIT_STOP), c);
	return 0;
}

static int op_stop(struct client *client, struct json_object *m,
		   struct failure *failure)
{
	struct container *c = operation_find(client, m, failure);
	struct object reply;
	struct stop stop;
	bool already;

	if (!c || operation_read_stop(c, m, &stop, failure))
		return -1;
	if (c->phase == PHASE_ENDED)
		return stop_ended(client, c, &stop, failure);
	/* The last word counts: it does not start again. */
	if (c->again.wanted)
		request_note_restarting(c->supervisor, c->name, false);
	c->again.wanted = false;
	if (operation_stop(c, &stop, &already, failure) ||
	    (stop.wait && operation_wait(client, c, WAIT_STOP, failure)))
		return -1;
	reply = message_begin("stop", "stopping");
	object_add_bool(&reply, "already", already);
	client_reply(client, object_done(&reply));
	return 0;
}

static int queue_row(const struct purser_container *record, void *arg)
{
	struct client *client = arg;
	struct container *c = registry_id(&supervisor_of(client)->registry,
					  record->id);
	struct object reply;
	bool no_memory;

	if (!c)
		return 0;
	reply = message_begin("ps", "container");
	object_add(&reply, "container", row_json(record, c));
	no_memory = reply.failed;
	client_queue(client, object_done(&reply));
	return no_memory ? -ENOMEM : 0;
}

static int op_ps(struct client *client, struct json_object *m,
		 struct failure *failure)
{
	struct kernel *kernel = &supervisor_of(client)->kernel;
	int err;

	(void)m;
	if (kernel_check(kernel, failure))
		return -1;
	err = kernel_list(kernel, queue_row, client);
	if (err)
		return failed(failure, EXIT_FAILED,
			      "reading the kernel's table: %s",
			      purser_last_error(kernel->dumps));
	client_reply(client, message_new("ps", "end"));
	return 0;
}

/* @c: NULL: the supervisor does not know the container any more */
static void reply_log(struct client *client, const struct container *c,
		      const char *path)
{
	struct object reply = message_begin("logs", "log");

	object_add_string(&reply, "path", path);
	if (c)
		object_add_string(&reply, "driver",
				  log_driver_name(c->log.settings.driver));
	object_add_u64(&reply, "container", c ? c->id : 0);
	object_add_bool(&reply, "ended", !c || c->phase == PHASE_ENDED);
	client_reply(client, object_done(&reply));
}

/* A container that was forgotten may have left its log. */
static int op_logs(struct client *client, struct json_object *m,
		   struct failure *failure)
{
	struct container *c = operation_find(client, m, failure);
	__cleanup_free char *path = NULL;
	const char *id;

	if (c && !c->log.path)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" keeps no log", c->name);
	if (!c && !object_get_string(m, "id", &id) && !check_container_name(id))
		path = log_path(supervisor_of(client), id);
	if (!c && (!path || access(path, F_OK)))
		return -1;
	reply_log(client, c, c ? c->log.path : path);
	return 0;
}

static bool has_token(const struct container *c, const char *token)
{
	return c && c->token && !strcmp(c->token, token);
}

/* Like operation_find(); if the request has a token, the container must have the same. */
static struct container *find_waited(struct client *client,
				     struct json_object *m,
				     struct failure *failure)
{
	const char *id, *token;
	struct container *c;

	if (object_get_string(m, "token", &token) ||
	    object_get_string(m, "id", &id))
		return operation_find(client, m, failure);
	c = registry_name(&supervisor_of(client)->registry, id);
	/* Another container may be about to replace it. */
	if (c && !has_token(c, token))
		c = c->replaces;
	if (has_token(c, token))
		return c;
	failed(failure, EXIT_FAILED,
	       "container \"%s\" was never started: its supervisor died before that",
	       id);
	return NULL;
}

static int op_wait(struct client *client, struct json_object *m,
		   struct failure *failure)
{
	struct container *c = find_waited(client, m, failure);

	if (!c)
		return -1;
	if (c->phase != PHASE_ENDED)
		return operation_wait(client, c, WAIT_END, failure);
	waiter_answer(client, waiter_operation(WAIT_END), c);
	return 0;
}

static int op_leave(struct client *client, struct json_object *m,
		    struct failure *failure)
{
	struct shutdown *shutdown = &supervisor_of(client)->shutdown;

	(void)m;
	if (shutdown->stopping)
		return failed(failure, EXIT_FAILED,
			      "the supervisor is stopping");
	/* It was interrupted while it waited for an answer: nobody would take over. */
	if (client_is_gone(client)) {
		report_warning(
			"a supervisor that asked to take over is gone: this one stays");
		return 0;
	}
	client_reply(client, message_new("leave", "leaving"));
	shutdown->leaving = true;
	return 0;
}

/* The client waits for the death of this process. A second request changes nothing. */
static int op_shutdown(struct client *client, struct json_object *m,
		       struct failure *failure)
{
	struct supervisor *supervisor = supervisor_of(client);

	(void)m;
	(void)failure;
	client_reply(client, message_new("shutdown", "leaving"));
	if (!supervisor->shutdown.stopping)
		shutdown_request(supervisor);
	return 0;
}

static const struct {
	const char *name;
	operation_fn run;
} operations[] = {
	{ "start", op_start },
	{ "run", op_run },
	{ "restart", op_restart },
	{ "set", op_set },
	{ "stop", op_stop },
	{ "rm", op_rm },
	{ "ps", op_ps },
	{ "logs", op_logs },
	{ "wait", op_wait },
	{ "leave", op_leave },
	{ "shutdown", op_shutdown },
};

static int run(struct client *client, struct json_object *m, const char *op,
	       struct failure *failure)
{
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++) {
		if (!strcmp(op, operations[i].name))
			return operations[i].run(client, m, failure);
	}
	return failed(failure, EXIT_FAILED,
		      "request refused: no operation \"%s\"", op);
}

static void on_request(struct client *client, struct json_object *m)
{
	const char *op = NULL;
	struct failure failure;
	int ret;

	if (object_get_string(m, "op", &op))
		ret = failed(&failure, EXIT_FAILED,
			     "request refused: it names no operation");
	else
		ret = run(client, m, op, &failure);
	if (ret)
		client_reply_failure(client, op, &failure);
}

static void on_closed(struct client *client)
{
	struct container *c;

	while ((c = waiters_take_reader(&client->waiters))) {
		if (!waiters_read(c))
			container_discard(c);
	}
	waiters_drop(&client->waiters);
}

const struct control_ops operations_ops = {
	.request = on_request,
	.closed = on_closed,
};
