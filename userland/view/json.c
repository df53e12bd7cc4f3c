// SPDX-License-Identifier: LGPL-2.1
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "json.h"

/* struct builder - an object being filled; after a failure nothing is done */
struct builder {
	struct json_object *object;
	bool failed;
};

static struct builder begin(void)
{
	struct builder b = { .object = json_object_new_object() };

	b.failed = !b.object;
	return b;
}

static struct json_object *finish(struct builder *b)
{
	if (!b->failed)
		return b->object;
	json_object_put(b->object);
	return NULL;
}

static void add_null(struct builder *b, const char *key)
{
	if (!b->failed && json_object_object_add(b->object, key, NULL))
		b->failed = true;
}

/* Takes @value over. A NULL here means that memory ran out. */
static void add(struct builder *b, const char *key, struct json_object *value)
{
	if (!b->failed && value &&
	    !json_object_object_add(b->object, key, value))
		return;
	json_object_put(value);
	b->failed = true;
}

static void add_u64(struct builder *b, const char *key, uint64_t v)
{
	add(b, key, json_object_new_uint64(v));
}

static void add_bool(struct builder *b, const char *key, bool v)
{
	add(b, key, json_object_new_boolean(v));
}

static void add_text(struct builder *b, const char *key, const char *v)
{
	add(b, key, json_object_new_string(v));
}

static void add_u64_unless(struct builder *b, const char *key, uint64_t v,
			   bool absent)
{
	if (absent)
		add_null(b, key);
	else
		add_u64(b, key, v);
}

/* Text stays text; what JSON cannot hold as such goes in hexadecimal. */
static void add_cookie(struct builder *b, const uint8_t *cookie, size_t len)
{
	__cleanup_free char *hex = NULL;

	if (!len)
		return;
	if (text_is_printable(cookie, len)) {
		add(b, "cookie",
		    json_object_new_string_len((const char *)cookie, len));
		return;
	}
	hex = malloc(2 * len + 1);
	if (!hex) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", cookie[i]);
	add_text(b, "cookie_hex", hex);
}

/* Its name may have any bytes: what JSON or a terminal cannot take is escaped. */
static struct json_object *killer_json(const struct purser_killer *k)
{
	char comm[ESCAPED_LEN(PURSER_COMM_MAX)];
	struct builder b = begin();

	add_u64(&b, "pid", k->pid);
	add_u64(&b, "uid", k->uid);
	add_text(&b, "comm", escape_into(comm, k->comm));
	return finish(&b);
}

static void add_killer(struct builder *b, const char *key, bool known,
		       const struct purser_killer *k)
{
	if (known)
		add(b, key, killer_json(k));
	else
		add_null(b, key);
}

static void add_oom_scope(struct builder *b, enum purser_oom_scope scope)
{
	if (scope)
		add_text(b, "oom_scope", purser_oom_scope_name(scope));
	else
		add_null(b, "oom_scope");
}

struct json_object *purser_container_json(const struct purser_container *c)
{
	struct builder b = begin();

	add_u64(&b, "id", c->id);
	add_text(&b, "name", c->name);
	add_u64(&b, "pid", c->pid);
	add_u64(&b, "pidns", c->pidns);
	add_text(&b, "state", purser_state_name(c->state));
	add_text(&b, "reason", purser_reason_name(c->reason));
	add_u64_unless(&b, "exit_code", c->exit_code, c->exit_code < 0);
	add_u64_unless(&b, "signal", c->signal, !c->signal);
	add_bool(&b, "forced", c->forced);
	add_bool(&b, "no_handler", c->no_handler);
	add_killer(&b, "killer", c->has_killer, &c->killer);
	add_oom_scope(&b, c->oom_scope);
	add_u64(&b, "soft_limit", c->soft_limit);
	add_u64(&b, "hard_limit", c->hard_limit);
	add_u64(&b, "rss", c->rss);
	add_u64(&b, "usage", c->usage);
	add_u64(&b, "peak", c->peak);
	add_killer(&b, "crossed_by", c->has_crossed_by, &c->crossed_by);
	add_u64(&b, "processes", c->processes);
	add_u64(&b, "outside", c->outside);
	add_u64(&b, "cpu_time", c->cpu_time);
	add_u64(&b, "registered_at", c->registered_at);
	add_u64_unless(&b, "started_at", c->started_at, !c->started_at);
	add_u64_unless(&b, "exited_at", c->exited_at, !c->exited_at);
	add_u64(&b, "soft_crossings", c->soft_crossings);
	add_u64(&b, "soft_held", c->soft_held);
	add_cookie(&b, c->cookie, c->cookie_len);
	return finish(&b);
}

struct json_object *purser_event_json(const struct purser_event *e)
{
	struct builder b = begin();

	add_u64(&b, "seq", e->seq);
	add_u64(&b, "time", e->time);
	add_text(&b, "event", purser_event_name(e->type));
	add(&b, "container", purser_container_json(&e->container));
	return finish(&b);
}

static struct json_object *text_array(char *const *texts)
{
	struct json_object *array = json_object_new_array(), *text;

	for (; array && texts && *texts; texts++) {
		text = json_object_new_string(*texts);
		if (!text || json_object_array_add(array, text)) {
			json_object_put(text);
			json_object_put(array);
			array = NULL;
		}
	}
	return array;
}

struct json_object *purser_info_json(const struct purser_info *info)
{
	struct builder b = begin();

	add_u64(&b, "live", info->live);
	add_u64(&b, "ended", info->ended);
	add_u64(&b, "members", info->members);
	add_u64(&b, "events", info->events);
	add_u64(&b, "events_dropped", info->events_dropped);
	add_text(&b, "kernel_version", info->kernel_version);
	add_text(&b, "module_version", info->module_version);
	add(&b, "tracepoints", text_array(info->tracepoints));
	return finish(&b);
}
