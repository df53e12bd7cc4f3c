// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/object.h"
#include "json.h"
#include "label.h"

static void add_u64_unless(struct object *o, const char *key, uint64_t v,
			   bool absent)
{
	if (absent)
		object_add_null(o, key);
	else
		object_add_u64(o, key, v);
}

/* A cookie that is not printable UTF-8 becomes hexadecimal digits. */
static void add_cookie(struct object *o, const uint8_t *cookie, size_t len)
{
	__cleanup_free char *hex = NULL;

	if (!len)
		return;
	if (text_is_printable(cookie, len)) {
		object_add(o, "cookie",
			   json_object_new_string_len((const char *)cookie,
						      len));
		return;
	}
	hex = malloc(2 * len + 1);
	if (!hex) {
		o->failed = true;
		return;
	}
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", cookie[i]);
	object_add_string(o, "cookie_hex", hex);
}

/* The name of a process may contain any bytes: escape it for JSON and terminals. */
static struct json_object *killer_json(const struct purser_killer *k)
{
	char comm[ESCAPED_LEN(PURSER_COMM_MAX)];
	struct object o = object_new();

	object_add_u64(&o, "pid", k->pid);
	object_add_u64(&o, "uid", k->uid);
	object_add_string(&o, "comm", escape_into(comm, k->comm));
	return object_done(&o);
}

static void add_killer(struct object *o, const char *key, bool known,
		       const struct purser_killer *k)
{
	if (known)
		object_add(o, key, killer_json(k));
	else
		object_add_null(o, key);
}

static void add_oom_scope(struct object *o, enum purser_oom_scope scope)
{
	if (scope)
		object_add_string(o, "oom_scope", purser_oom_scope_name(scope));
	else
		object_add_null(o, "oom_scope");
}

struct json_object *purser_container_json(const struct purser_container *c)
{
	__cleanup_free char *label = record_label(c);
	struct object o = object_new();

	object_add_u64(&o, "id", c->id);
	object_add_string(&o, "name", c->name);
	object_add_u64(&o, "pid", c->pid);
	object_add_u64(&o, "pidns", c->pidns);
	object_add_string(&o, "state", purser_state_name(c->state));
	object_add_string(&o, "reason", purser_reason_name(c->reason));
	add_u64_unless(&o, "exit_code", c->exit_code, c->exit_code < 0);
	add_u64_unless(&o, "signal", c->signal, !c->signal);
	object_add_bool(&o, "forced", c->forced);
	object_add_bool(&o, "no_handler", c->no_handler);
	add_killer(&o, "killer", c->has_killer, &c->killer);
	add_oom_scope(&o, c->oom_scope);
	object_add_u64(&o, "soft_limit", c->soft_limit);
	object_add_u64(&o, "hard_limit", c->hard_limit);
	object_add_u64(&o, "rss", c->rss);
	object_add_u64(&o, "usage", c->usage);
	object_add_u64(&o, "peak", c->peak);
	add_killer(&o, "crossed_by", c->has_crossed_by, &c->crossed_by);
	object_add_u64(&o, "processes", c->processes);
	object_add_u64(&o, "outside", c->outside);
	object_add_u64(&o, "cpu_time", c->cpu_time);
	object_add_u64(&o, "registered_at", c->registered_at);
	add_u64_unless(&o, "started_at", c->started_at, !c->started_at);
	add_u64_unless(&o, "exited_at", c->exited_at, !c->exited_at);
	object_add_u64(&o, "soft_crossings", c->soft_crossings);
	object_add_u64(&o, "soft_held", c->soft_held);
	add_cookie(&o, c->cookie, c->cookie_len);
	if (label)
		object_add_bytes(&o, "label", label);
	return object_done(&o);
}

struct json_object *purser_event_json(const struct purser_event *e)
{
	struct object o = object_new();

	object_add_u64(&o, "seq", e->seq);
	object_add_u64(&o, "time", e->time);
	object_add_string(&o, "event", purser_event_name(e->type));
	object_add(&o, "container", purser_container_json(&e->container));
	return object_done(&o);
}

/* null: the module is older than these counters */
static void add_ends(struct object *o, const struct purser_info *info)
{
	struct object ends = object_new();
	struct json_object *all;

	for (int r = PURSER_REASON_NONE + 1; r <= PURSER_REASON_MAX; r++)
		object_add_u64(&ends, purser_reason_name(r), info->ends[r]);
	if (info->ends[PURSER_REASON_NONE])
		object_add_u64(&ends, "unknown",
			       info->ends[PURSER_REASON_NONE]);
	all = object_done(&ends);
	if (info->has_ends) {
		object_add(o, "ends", all);
		return;
	}
	json_object_put(all);
	object_add_null(o, "ends");
}

struct json_object *purser_info_json(const struct purser_info *info)
{
	struct object o = object_new();
	size_t n = 0;

	object_add_u64(&o, "live", info->live);
	object_add_u64(&o, "ended", info->ended);
	object_add_u64(&o, "members", info->members);
	object_add_u64(&o, "events", info->events);
	object_add_u64(&o, "events_dropped", info->events_dropped);
	add_ends(&o, info);
	object_add_string(&o, "kernel_version", info->kernel_version);
	object_add_string(&o, "module_version", info->module_version);
	while (info->tracepoints && info->tracepoints[n])
		n++;
	object_add_strings(&o, "tracepoints", info->tracepoints, n);
	return object_done(&o);
}

int json_print(struct json_object *object)
{
	const char *text = json_line(object, NULL);

	if (text)
		printf("%s\n", text);
	json_object_put(object);
	return text ? 0 : -ENOMEM;
}

int json_print_element(struct json_object *object, bool *first)
{
	const char *text = json_line(object, NULL);

	if (text)
		printf("%s\n  %s", *first ? "[" : ",", text);
	*first = false;
	return text ? 0 : -ENOMEM;
}

void json_print_end(bool first)
{
	printf("%s\n", first ? "[]" : "\n]");
}
