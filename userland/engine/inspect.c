// SPDX-License-Identifier: GPL-2.0
/*
 * "engine inspect": all that is known of containers, as JSON. To the kernel's record it
 * adds the content of the cookie, the cgroup, and the start request.
 */
#include <errno.h>
#include <stdio.h>

#include "base/object.h"
#include "cgroup/limits.h"
#include "cgroup/stats.h"
#include "commands.h"
#include "each.h"
#include "supervisor/id_pool.h"
#include "supervisor/kept.h"
#include "target.h"
#include "view/handle.h"
#include "view/json.h"

static void add_cookie(struct object *o, const struct target *t)
{
	const struct cookie *c = &t->cookie;

	object_add_bytes_array(o, "command", c->command.strings, c->command.n);
	object_add_bytes(o, "rootfs", c->rootfs);
	object_add_bool(o, "overlay", c->overlay);
	object_add_bytes(o, "run_dir", c->run);
	if (c->state)
		object_add_bytes(o, "state_dir", c->state);
	else
		object_add_null(o, "state_dir");
	if (c->log)
		object_add_bytes(o, "log", c->log);
	else
		object_add_null(o, "log");
	object_add_string(o, "log_driver", log_driver_names[c->driver]);
}

static void add_stats(struct object *o, const struct cgroup_stats *s)
{
	object_add_u64(o, "memory", s->memory.current);
	object_add_u64(o, "memory_peak", s->memory.peak);
	object_add_u64(o, "swap", s->swap.current);
	object_add_u64(o, "pids", s->pids.current);
	object_add_u64(o, "cpu_usec", s->cpu.usage);
	object_add_u64(o, "cpu_user_usec", s->cpu.user);
	object_add_u64(o, "cpu_system_usec", s->cpu.system);
	object_add_u64(o, "cpu_throttled_usec", s->cpu.throttled);
	object_add_u64(o, "oom_kills", s->memory_events.oom_kill);
}

/* The cgroup of a container that has just ended may be gone: then this is null. */
static void add_cgroup(struct object *o, const struct target *t)
{
	struct object cgroup;
	struct cgroup_limits limits;
	struct cgroup_stats stats;
	struct failure failure;

	if (t->cgroup < 0 || cgroup_limits_get(t->cgroup, &limits) ||
	    cgroup_stats_read(t->cgroup, &stats, &failure)) {
		object_add_null(o, "cgroup");
		return;
	}
	cgroup = object_new();
	object_add_bytes(&cgroup, "path", t->cgroup_path);
	object_add_u64(&cgroup, "memory_max", limits.memory.max);
	object_add_u64(&cgroup, "pids_max", limits.pids.max);
	add_stats(&cgroup, &stats);
	cgroup_stats_free(&stats);
	object_add(o, "cgroup", object_done(&cgroup));
}

/* Only if the file on disk is that of this start. */
static void add_request(struct object *o, const struct target *t)
{
	const char *state = t->cookie.state;
	struct object request;
	struct kept kept;

	if (!state || kept_read(state, t->record.name, &kept)) {
		object_add_null(o, "request");
		return;
	}
	if (kept.key == t->cookie.key) {
		request = object_new();
		request_encode(&kept.request, &request);
		object_add(o, "request", object_done(&request));
		object_add_u64(o, "restarts", kept.restarts);
	} else {
		object_add_null(o, "request");
	}
	kept_free(&kept);
}

/* Null if its root is root of the host, or if it has ended. */
static void add_userns(struct object *o, const struct target *t)
{
	uint32_t root;

	if (t->record.state == PURSER_STATE_EXITED ||
	    ids_of_process(t->record.pid, &root))
		object_add_null(o, "root_is_uid");
	else
		object_add_u64(o, "root_is_uid", root);
}

static struct json_object *target_json(const struct target *t)
{
	struct json_object *record = purser_container_json(&t->record);
	struct object o = object_from(record);

	object_add_bool(&o, "paused", target_is_paused(t));
	add_userns(&o, t);
	if (t->has_cookie) {
		json_object_object_del(record, "cookie");
		add_cookie(&o, t);
		add_cgroup(&o, t);
		add_request(&o, t);
	}
	return object_done(&o);
}

static int inspect_one(struct purser *table, const char *id, void *arg,
		       struct failure *failure)
{
	struct json_object *array = arg, *json;
	struct target t;

	if (target_find(&t, table, id, failure))
		return -1;
	json = target_json(&t);
	target_close(&t);
	if (json && !json_object_array_add(array, json))
		return 0;
	json_object_put(json);
	return print_failed(failure);
}

/* Print the containers that were found, even if others were not. */
int command_inspect(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	struct json_object *array = json_object_new_array();
	const char *text = NULL;
	int status;

	if (!array)
		return print_failed(failure);
	status = each_container(&o->ids, inspect_one, array, failure);
	if (status >= 0)
		text = json_object_to_json_string_ext(
			array, JSON_C_TO_STRING_PRETTY |
				       JSON_C_TO_STRING_SPACED |
				       JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		printf("%s\n", text);
	else if (status >= 0)
		status = print_failed(failure);
	json_object_put(array);
	return status;
}
