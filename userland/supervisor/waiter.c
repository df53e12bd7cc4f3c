// SPDX-License-Identifier: GPL-2.0
/* Clients that wait for a container, see waiter.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "waiter.h"

struct waiter {
	LIST_ENTRY(waiter) of_container;
	LIST_ENTRY(waiter) of_client;
	struct client *client;
	struct container *container;
	enum waiter_kind kind;
};

static const char *const operations[] = {
	[WAIT_START] = "start",	    [WAIT_RUN] = "run",
	[WAIT_STOP] = "stop",	    [WAIT_END] = "wait",
	[WAIT_RESTART] = "restart", [WAIT_REMOVE] = "rm",
};

const char *waiter_operation(enum waiter_kind kind)
{
	return operations[kind];
}

static bool waits_for_start(const struct waiter *w)
{
	return w->kind == WAIT_START || w->kind == WAIT_RUN ||
	       w->kind == WAIT_RESTART;
}

int waiter_add(struct client *client, struct container *c,
	       enum waiter_kind kind)
{
	struct waiter *w = malloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->client = client;
	w->container = c;
	w->kind = kind;
	LIST_INSERT_HEAD(&c->waiters, w, of_container);
	LIST_INSERT_HEAD(&client->waiters, w, of_client);
	return 0;
}

/* Free a waiter; returns its client, which may have no more waiters. */
static struct client *waiter_free(struct waiter *w)
{
	struct client *client = w->client;

	LIST_REMOVE(w, of_container);
	LIST_REMOVE(w, of_client);
	free(w);
	return client;
}

static struct json_object *started_message(const struct container *c,
					   const char *op)
{
	struct object m = message_begin(op, "started");

	object_add_string(&m, "id", c->name);
	object_add_u64(&m, "container", c->id);
	object_add_int(&m, "pid", c->init.pid);
	if (c->warning)
		object_add_string(&m, "warning", c->warning);
	if (c->log.path) {
		object_add_string(&m, "log", c->log.path);
		object_add_string(&m, "driver",
				  log_driver_name(c->log.settings.driver));
	}
	return object_done(&m);
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
		m = started_message(c, operations[w->kind]);
		if (w->kind != WAIT_RUN)
			waiter_free(w);
		client_reply(client, m);
	}
}

void waiters_failed(struct container *c)
{
	struct failure not_started = c->failure;
	struct waiter *w;

	failure_prefix(&not_started,
		       "container \"%s\" did not start: ", c->name);
	while ((w = LIST_FIRST(&c->waiters))) {
		const char *op = operations[w->kind];
		bool start = waits_for_start(w);

		client_reply_failure(waiter_free(w), op,
				     start ? &c->failure : &not_started);
	}
}

void waiter_answer(struct client *client, const char *op,
		   const struct container *c)
{
	struct object m = message_begin(op, "ended");

	object_add_string(&m, "id", c->name);
	outcome_encode(&c->now, &m);
	/* Tell the client how much output was lost. */
	if (c->log.lost) {
		object_add_u64(&m, "log_lost", c->log.lost);
		object_add_string(&m, "log_error", strerror(-c->log.error));
	}
	client_reply(client, object_done(&m));
}

void waiters_ended(struct container *c)
{
	struct waiter *w, *next;

	for (w = LIST_FIRST(&c->waiters); w; w = next) {
		const char *op = operations[w->kind];

		next = LIST_NEXT(w, of_container);
		if (w->kind == WAIT_RUN && c->again.auto_remove) {
			w->kind = WAIT_READ;
			waiter_answer(w->client, op, c);
		} else if (w->kind != WAIT_RESTART) {
			waiter_answer(waiter_free(w), op, c);
		}
	}
}

void waiters_move(struct container *from, struct container *to)
{
	struct waiter *w, *next;

	for (w = LIST_FIRST(&from->waiters); w; w = next) {
		next = LIST_NEXT(w, of_container);
		if (w->kind != WAIT_RESTART)
			continue;
		LIST_REMOVE(w, of_container);
		LIST_INSERT_HEAD(&to->waiters, w, of_container);
		w->container = to;
	}
}

bool waiters_read(const struct container *c)
{
	const struct waiter *w;

	LIST_FOREACH(w, &c->waiters, of_container) {
		if (w->kind == WAIT_READ)
			return true;
	}
	return false;
}

struct container *waiters_take_reader(struct waiter_list *of_client)
{
	struct waiter *w;

	LIST_FOREACH(w, of_client, of_client) {
		struct container *c = w->container;

		if (w->kind != WAIT_READ)
			continue;
		waiter_free(w);
		return c;
	}
	return NULL;
}

bool waiters_refuse(struct container *c, const struct failure *failure)
{
	bool any = false;
	struct waiter *w;

	while ((w = LIST_FIRST(&c->waiters))) {
		const char *op = operations[w->kind];
		bool waits = w->kind != WAIT_READ;
		struct client *client = waiter_free(w);

		if (waits)
			client_reply_failure(client, op, failure);
		any |= waits;
	}
	return any;
}

void waiters_drop(struct waiter_list *of_client)
{
	struct waiter *w;

	while ((w = LIST_FIRST(of_client)))
		waiter_free(w);
}
