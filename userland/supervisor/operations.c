// SPDX-License-Identifier: GPL-2.0
/* The operations of the control protocol, see operations.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/server.h"
#include "view/json.h"
#include "operations.h"
#include "base/report.h"
#include "start.h"
#include "supervisor.h"
#include "base/utf8.h"

static void op_start(struct client *client, struct json_object *m)
{
	struct start_request request;
	struct failure failure;

	if (request_decode(m, &request, &failure))
		client_reply_error(client, "start", EXIT_FAILED, "%s",
				   failure.text);
	else
		start_container(client->supervisor, client, WAIT_START,
				&request);
}

static void op_run(struct client *client, struct json_object *m)
{
	struct start_request request;
	struct failure failure;

	if (request_decode(m, &request, &failure))
		client_reply_error(client, "run", EXIT_FAILED, "%s",
				   failure.text);
	else
		start_container(client->supervisor, client, WAIT_RUN, &request);
}

/* The container that a request names, or NULL with the answer given. */
static struct container *find(struct client *client, const char *op,
			      struct json_object *m)
{
	struct container *c;
	const char *id;

	if (message_get_string(m, "id", &id)) {
		client_reply_error(
			client, op, EXIT_FAILED,
			"request: field \"id\" is missing or not a string");
		return NULL;
	}
	c = registry_name(&client->supervisor->registry, id);
	if (!c)
		client_reply_error(client, op, EXIT_FAILED,
				   "no container \"%s\"", id);
	return c;
}

/* Ask the kernel for a stop. -EALREADY and -ESRCH: there is an end to come. */
static int request_stop(struct client *client, struct container *c, int signal,
			unsigned int grace_ms)
{
	struct kernel *kernel = &client->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	int err;

	if (c->unregistered) {
		client_reply_error(
			client, "stop", EXIT_FAILED,
			"container \"%s\" is not in the kernel's table any more: it was unregistered",
			c->name);
		return -ENOENT;
	}
	/* One that failed before it was registered ends by itself. */
	if (!c->id)
		return -ESRCH;
	err = purser_stop(kernel->commands, &ref, signal, grace_ms);
	if (err && err != -EALREADY && err != -ESRCH)
		client_reply_error(client, "stop",
				   err == -EPERM ? EXIT_NO_PERMISSION :
						   EXIT_FAILED,
				   "container \"%s\": %s", c->name,
				   purser_last_error(kernel->commands));
	return err;
}

static void op_stop(struct client *client, struct json_object *m)
{
	struct container *c = find(client, "stop", m);
	struct json_object *reply;
	char text[OUTCOME_TEXT_LEN];
	bool wait;
	uint64_t grace_ms;
	int signal, err;

	if (!c)
		return;
	if (message_get_int(m, "signal", &signal) ||
	    message_get_u64(m, "grace_ms", &grace_ms) ||
	    message_get_bool(m, "wait", &wait) || signal < 1 || signal > 64 ||
	    grace_ms > PURSER_GRACE_MAX_MS) {
		client_reply_error(
			client, "stop", EXIT_FAILED,
			"request: signal, grace period or wait is missing or out of range");
		return;
	}
	if (c->phase == PHASE_ENDED) {
		client_reply_error(client, "stop", EXIT_FAILED,
				   "container \"%s\" has ended already: %s",
				   c->name, outcome_text(&c->now, text));
		return;
	}
	err = request_stop(client, c, signal, grace_ms);
	if (err && err != -EALREADY && err != -ESRCH)
		return;
	if (wait && waiter_add(client, c, WAIT_STOP)) {
		client_reply_error(client, "stop", EXIT_FAILED,
				   "container \"%s\": %s", c->name,
				   strerror(ENOMEM));
		return;
	}
	reply = message_new("stop", "stopping");
	if (reply && message_set_bool(reply, "already", err == -EALREADY)) {
		json_object_put(reply);
		reply = NULL;
	}
	client_reply(client, reply);
}

/*
 * A container ends when its log is complete, and until then it shows as what it
 * was: who sees it as exited can rely on reading all of its log.
 */
static void hide_end(struct purser_container *record, const struct container *c)
{
	if (record->state != PURSER_STATE_EXITED || c->phase == PHASE_ENDED)
		return;
	record->state = c->live_state;
	record->reason = PURSER_REASON_NONE;
	record->exit_code = -1;
	record->signal = 0;
	record->has_killer = false;
	record->oom_scope = 0;
	record->exited_at = 0;
}

static struct json_object *words_json(const struct string_list *words)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < words->n; i++) {
		struct json_object *s = utf8_json(words->strings[i]);

		if (!s || json_object_array_add(array, s) < 0) {
			json_object_put(s);
			json_object_put(array);
			return NULL;
		}
	}
	return array;
}

/*
 * Why it waits for its log file, or why that was given up: a text, or null where
 * all is well. Then, what was given up.
 */
static int set_log_error(struct json_object *o, const struct container *c)
{
	struct log_pipeline *logs = c->supervisor->logs;
	int err = c->log_lost ? c->log_error : 0;

	if (c->log_open && logs)
		err = log_pipeline_waits(logs, c->log_key);
	if (message_set_u64(o, "log_lost", c->log_lost))
		return -ENOMEM;
	if (err)
		return message_set_string(o, "log_error", strerror(-err));
	return json_object_object_add(o, "log_error", NULL) < 0 ? -ENOMEM : 0;
}

static int set_limit(struct json_object *o, const char *key, bool known,
		     uint64_t n)
{
	if (known)
		return message_set_u64(o, key, n);
	return json_object_object_add(o, key, NULL) < 0 ? -ENOMEM : 0;
}

/* As its cgroup has it: null without one, 0 for no limit. */
static int set_wall(struct json_object *o, const struct container *c)
{
	struct wall wall = { 0 };
	bool known = c->cgroup.fd >= 0 && !wall_get(c->cgroup.fd, &wall);

	if (set_limit(o, "memory_max", known, wall.memory_max) ||
	    set_limit(o, "pids_max", known, wall.pids_max))
		return -ENOMEM;
	return 0;
}

static struct json_object *row(const struct purser_container *record,
			       const struct container *c)
{
	struct json_object *o = purser_container_json(record);

	if (!o)
		return NULL;
	if (message_set(o, "command", words_json(container_command(c))) ||
	    message_set(o, "rootfs", utf8_json(c->rootfs)) ||
	    (c->log_path ? message_set(o, "log", utf8_json(c->log_path)) :
			   json_object_object_add(o, "log", NULL) < 0) ||
	    set_log_error(o, c) || set_wall(o, c)) {
		json_object_put(o);
		return NULL;
	}
	return o;
}

static int queue_row(const struct purser_container *record, void *arg)
{
	struct client *client = arg;
	struct purser_container shown = *record;
	struct json_object *reply;
	struct container *c;
	int err = 0;

	c = registry_id(&client->supervisor->registry, record->id);
	if (!c)
		return 0;
	hide_end(&shown, c);
	reply = message_new("ps", "container");
	if (reply && message_set(reply, "container", row(&shown, c))) {
		json_object_put(reply);
		reply = NULL;
	}
	if (!reply)
		err = -ENOMEM;
	client_queue(client, reply);
	return err;
}

static void op_ps(struct client *client, struct json_object *m)
{
	struct kernel *kernel = &client->supervisor->kernel;
	int err = kernel_check(client->supervisor);

	(void)m;
	if (err) {
		client_reply_error(client, "ps", kernel_exit_code(err), "%s",
				   kernel_why(err));
		return;
	}
	err = purser_list(kernel->dumps, 0, queue_row, client);
	if (err)
		client_reply_error(client, "ps", EXIT_FAILED,
				   "reading the kernel's table: %s",
				   purser_last_error(kernel->dumps));
	else
		client_reply(client, message_new("ps", "end"));
}

static void op_logs(struct client *client, struct json_object *m)
{
	struct container *c = find(client, "logs", m);
	struct json_object *reply;

	if (!c)
		return;
	if (!c->log_path) {
		client_reply_error(client, "logs", EXIT_FAILED,
				   "container \"%s\" keeps no log", c->name);
		return;
	}
	reply = message_new("logs", "log");
	if (reply &&
	    (message_set_string(reply, "path", c->log_path) ||
	     message_set_string(reply, "driver",
				log_driver_name(c->log.driver)) ||
	     message_set_u64(reply, "container", c->id) ||
	     message_set_bool(reply, "ended", c->phase == PHASE_ENDED))) {
		json_object_put(reply);
		reply = NULL;
	}
	client_reply(client, reply);
}

static bool has_token(const struct container *c, const char *token)
{
	return c && c->token && !strcmp(c->token, token);
}

/* find(), and where a token is given the one of its request, no other. */
static struct container *find_waited(struct client *client,
				     struct json_object *m)
{
	const char *id, *token;
	struct container *c;

	if (message_get_string(m, "token", &token) ||
	    message_get_string(m, "id", &id))
		return find(client, "wait", m);
	c = registry_name(&client->supervisor->registry, id);
	/* Another one may be about to take its place. */
	if (c && !has_token(c, token))
		c = c->replaces;
	if (has_token(c, token))
		return c;
	client_reply_error(
		client, "wait", EXIT_FAILED,
		"container \"%s\" was never started: the supervisor that was to do it died before",
		id);
	return NULL;
}

/* For the end alone: who waits neither started the container nor stops it. */
static void op_wait(struct client *client, struct json_object *m)
{
	struct container *c = find_waited(client, m);

	if (!c)
		return;
	if (c->phase == PHASE_ENDED)
		waiter_answer(client, "wait", c);
	else if (waiter_add(client, c, WAIT_END))
		client_reply_error(client, "wait", EXIT_FAILED,
				   "container \"%s\": %s", c->name,
				   strerror(ENOMEM));
}

static void op_leave(struct client *client, struct json_object *m)
{
	struct supervisor *supervisor = client->supervisor;

	(void)m;
	if (supervisor->stopping) {
		client_reply_error(client, "leave", EXIT_FAILED,
				   "the supervisor is stopping");
		return;
	}
	client_reply(client, message_new("leave", "leaving"));
	supervisor->leaving = true;
}

static const struct {
	const char *name;
	void (*run)(struct client *client, struct json_object *m);
} operations[] = {
	{ "start", op_start }, { "run", op_run },   { "stop", op_stop },
	{ "ps", op_ps },       { "logs", op_logs }, { "wait", op_wait },
	{ "leave", op_leave },
};

void operation_run(struct client *client, struct json_object *m)
{
	const char *op;

	if (message_get_string(m, "op", &op)) {
		client_reply_error(client, NULL, EXIT_FAILED,
				   "request refused: it names no operation");
		return;
	}
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]);
	     i++) {
		if (!strcmp(op, operations[i].name)) {
			operations[i].run(client, m);
			return;
		}
	}
	client_reply_error(client, op, EXIT_FAILED,
			   "request refused: no operation \"%s\"", op);
}
