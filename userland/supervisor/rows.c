// SPDX-License-Identifier: GPL-2.0
/* The rows of "engine ps", see rows.h. */
#include <errno.h>
#include <string.h>

#include "base/object.h"
#include "cgroup/limits.h"
#include "rows.h"
#include "supervisor.h"
#include "view/json.h"

/* The error of writing its log file: 0 or a negative errno. */
static int log_error(const struct container *c)
{
	struct log_pipeline *logs = c->supervisor->logs;

	if (c->log.open && logs)
		return log_pipeline_waits(logs, c->log.key);
	return c->log.lost ? c->log.error : 0;
}

static void add_log(struct object *o, const struct container *c)
{
	int err = log_error(c);

	object_add_bytes(o, "log", c->log.path);
	object_add_bool(o, "log_complete", c->phase == PHASE_ENDED);
	object_add_string(o, "log_error", err ? strerror(-err) : NULL);
	object_add_u64(o, "log_lost", c->log.lost);
}

/* Add the limits of its cgroup; null: it has no cgroup, 0: no limit. */
static void add_limits(struct object *o, const struct container *c)
{
	struct cgroup_limits limits;

	if (c->cgroup.fd >= 0 && !cgroup_limits_get(c->cgroup.fd, &limits)) {
		object_add_u64(o, "memory_max", limits.memory.max);
		object_add_u64(o, "pids_max", limits.pids.max);
	} else {
		object_add_null(o, "memory_max");
		object_add_null(o, "pids_max");
	}
}

struct json_object *row_json(const struct purser_container *record,
			     const struct container *c)
{
	struct object o = object_from(purser_container_json(record));

	object_add_bytes_array(&o, "command", c->command.strings, c->command.n);
	object_add_bytes(&o, "rootfs", c->root.path);
	add_log(&o, c);
	add_limits(&o, c);
	object_add_string(&o, "restart", restart_policy_names[c->again.policy]);
	object_add_u64(&o, "restarts", c->again.restarts);
	object_add_bool(&o, "restarting",
			c->phase == PHASE_ENDED &&
				restarts_waits(&c->supervisor->restarts,
					       c->name));
	return object_done(&o);
}
