// SPDX-License-Identifier: GPL-2.0
/* The operations of the control protocol, see operations.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "base/report.h"
#include "container_log.h"
#include "operations.h"
#include "rows.h"
#include "start.h"
#include "supervisor.h"
#include "waiter.h"

static struct supervisor *supervisor_of(const struct client *client)
{
	return client->control->owner;
}

/* Each operation returns 0, or -1 with the failure to answer. */

static int start(struct client *client, struct json_object *m,
		 enum waiter_kind kind, struct failure *failure)
{
	struct start_request request;

	if (request_decode(m, &request, failure))
		return -1;
	start_container(supervisor_of(client), client, kind, &request);
	return 0;
}

static int op_start(struct client *client, struct json_object *m,
		    struct failure *failure)
{
	return start(client, m, WAIT_START, failure);
}

static int op_run(struct client *client, struct json_object *m,
		  struct failure *failure)
{
	return start(client, m, WAIT_RUN, failure);
}

/* Find the container that a request names. NULL: there is none, and @failure is filled. */
static struct container *find(struct client *client, struct json_object *m,
			      struct failure *failure)
{
	struct container *c;
	const char *id;

	if (object_get_string(m, "id", &id)) {
		failed(failure, EXIT_FAILED,
		       "request: field \"id\" is missing or not a string");
		return NULL;
	}
	c = registry_name(&supervisor_of(client)->registry, id);
	if (!c)
		failed(failure, EXIT_FAILED, "no container \"%s\"", id);
	return c;
}

static int add_waiter(struct client *client, struct container *c,
		      enum waiter_kind kind, struct failure *failure)
{
	int err = waiter_add(client, c, kind);

	return failed_if(failure, err, "container \"%s\"", c->name);
}

/* Ask the kernel to stop a container. @already: it is already about to end. */
static int request_stop(struct container *c, int signal, unsigned int grace_ms,
			bool *already, struct failure *failure)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	int err;

	*already = false;
	if (container_is_unregistered(c))
		return failed(
			failure, EXIT_FAILED,
			"container \"%s\" is not in the kernel's table any more: it was unregistered",
			c->name);
	/* Its start failed before it was registered: it ends without a stop. */
	if (!c->id)
		return 0;
	err = purser_stop(kernel->commands, &ref, signal, grace_ms);
	*already = err == -EALREADY;
	if (!err || err == -EALREADY || err == -ESRCH)
		return 0;
	return failed(failure, err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED,
		      "container \"%s\": %s", c->name,
		      purser_last_error(kernel->commands));
}

static int op_stop(struct client *client, struct json_object *m,
		   struct failure *failure)
{
	struct container *c = find(client, m, failure);
	struct object reply;
	char text[OUTCOME_TEXT_LEN];
	bool wait, already;
	uint64_t grace_ms;
	int signal;

	if (!c)
		return -1;
	if (object_get_int(m, "signal", &signal) ||
	    object_get_u64(m, "grace_ms", &grace_ms) ||
	    object_get_bool(m, "wait", &wait) || signal < 1 || signal > 64 ||
	    grace_ms > PURSER_GRACE_MAX_MS)
		return failed(
			failure, EXIT_FAILED,
			"request: signal, grace period or wait is missing or out of range");
	if (c->phase == PHASE_ENDED)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" has ended already: %s", c->name,
			      outcome_text(&c->now, text));
	if (request_stop(c, signal, grace_ms, &already, failure) ||
	    (wait && add_waiter(client, c, WAIT_STOP, failure)))
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
	struct container *c = find(client, m, failure);
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

/* Like find(); if the request has a token, the container must have the same. */
static struct container *find_waited(struct client *client,
				     struct json_object *m,
				     struct failure *failure)
{
	const char *id, *token;
	struct container *c;

	if (object_get_string(m, "token", &token) ||
	    object_get_string(m, "id", &id))
		return find(client, m, failure);
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
		return add_waiter(client, c, WAIT_END, failure);
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

static const struct {
	const char *name;
	int (*run)(struct client *client, struct json_object *m,
		   struct failure *failure);
} operations[] = {
	{ "start", op_start }, { "run", op_run },   { "stop", op_stop },
	{ "ps", op_ps },       { "logs", op_logs }, { "wait", op_wait },
	{ "leave", op_leave },
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
	waiters_drop(&client->waiters);
}

const struct control_ops operations_ops = {
	.request = on_request,
	.closed = on_closed,
};
