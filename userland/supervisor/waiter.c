// SPDX-License-Identifier: GPL-2.0
/* Clients that wait for a container, see waiter.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/server.h"
#include "control/protocol.h"
#include "registry.h"
#include "base/report.h"
#include "waiter.h"

struct waiter {
	LIST_ENTRY(waiter) of_container;
	LIST_ENTRY(waiter) of_client;
	struct client *client;
	enum waiter_kind kind;
};

static const char *const operations[] = {
	[WAIT_START] = "start",
	[WAIT_RUN] = "run",
	[WAIT_STOP] = "stop",
	[WAIT_END] = "wait",
};

static bool waits_for_start(const struct waiter *w)
{
	return w->kind == WAIT_START || w->kind == WAIT_RUN;
}

int waiter_add(struct client *client, struct container *c,
	       enum waiter_kind kind)
{
	struct waiter *w = malloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->client = client;
	w->kind = kind;
	LIST_INSERT_HEAD(&c->waiters, w, of_container);
	LIST_INSERT_HEAD(&client->waiters, w, of_client);
	return 0;
}

/* Returns the client, which may not have anything to wait for any more. */
static struct client *waiter_free(struct waiter *w)
{
	struct client *client = w->client;

	LIST_REMOVE(w, of_container);
	LIST_REMOVE(w, of_client);
	free(w);
	return client;
}

void waiters_started(struct container *c)
{
	struct waiter *w, *next;

	for (w = LIST_FIRST(&c->waiters); w; w = next) {
		struct client *client = w->client;
		struct json_object *m;

		next = LIST_NEXT(w, of_container);
		if (!waits_for_start(w))
			continue;
		m = message_new(operations[w->kind], "started");
		if (m && (message_set_string(m, "id", c->name) ||
			  message_set_u64(m, "container", c->id) ||
			  message_set_int(m, "pid", c->pid) ||
			  (c->warning &&
			   message_set_string(m, "warning", c->warning)))) {
			json_object_put(m);
			m = NULL;
		}
		if (w->kind == WAIT_START)
			waiter_free(w);
		client_reply(client, m);
	}
}

void waiters_failed(struct container *c)
{
	const char *failure = c->failure ? c->failure : strerror(ENOMEM);
	struct waiter *w;

	while ((w = LIST_FIRST(&c->waiters))) {
		const char *op = operations[w->kind];
		bool start = waits_for_start(w);
		struct client *client = waiter_free(w);

		if (!start)
			client_reply_error(client, op, EXIT_FAILED,
					   "container \"%s\" did not start: %s",
					   c->name, failure);
		else
			client_reply_error(client, op, c->failure_code, "%s",
					   failure);
	}
}

/* What its log had to give up, if it had to. */
static int set_loss(const struct container *c, struct json_object *m)
{
	if (!c->log_lost)
		return 0;
	return message_set_u64(m, "log_lost", c->log_lost) ||
	       message_set_string(m, "log_error", strerror(-c->log_error));
}

void waiter_answer(struct client *client, const char *op,
		   const struct container *c)
{
	struct json_object *m = message_new(op, "ended");

	if (m && (message_set_string(m, "id", c->name) ||
		  outcome_encode(&c->now, m) || set_loss(c, m))) {
		json_object_put(m);
		m = NULL;
	}
	client_reply(client, m);
}

void waiters_ended(struct container *c)
{
	struct waiter *w;

	while ((w = LIST_FIRST(&c->waiters))) {
		const char *op = operations[w->kind];

		waiter_answer(waiter_free(w), op, c);
	}
}

void waiters_drop(struct waiter_list *of_client)
{
	struct waiter *w;

	while ((w = LIST_FIRST(of_client)))
		waiter_free(w);
}
