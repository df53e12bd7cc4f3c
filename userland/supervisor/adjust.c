// SPDX-License-Identifier: GPL-2.0
/*
 * New limits of a container, see adjust.h. The kernel's table has the soft and the hard
 * limit, the container's cgroup has the others, and the kept request has them all for the
 * next start. The request also says which limits the user chose: the default of
 * memory.max follows the hard limit.
 */
#include <errno.h>
#include <string.h>

#include "adjust.h"
#include "cgroup/limits.h"
#include "container_cgroup.h"
#include "kept.h"

/* The limits that the container has, if its request was not kept. */
static int read_limits(const struct container *c, struct start_request *request,
		       struct failure *failure)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	struct purser_container record;
	struct cgroup_limits limits;
	int err = purser_get(kernel->commands, &ref, &record);

	if (err)
		return failed(failure, EXIT_FAILED, "container \"%s\": %s",
			      c->name, purser_last_error(kernel->commands));
	request->soft_limit = record.soft_limit;
	request->hard_limit = record.hard_limit;
	if (c->cgroup.fd >= 0 && !cgroup_limits_get(c->cgroup.fd, &limits)) {
		request->cgroup.memory_max = limits.memory.max;
		request->cgroup.pids_max = limits.pids.max;
		request->cgroup.has_memory_max = true;
		request->cgroup.has_pids_max = true;
	}
	request->id = strdup(c->name);
	if (!request->id || string_list_add(&request->command, DEFAULT_COMMAND))
		return failed_errno(failure, -ENOMEM, "container \"%s\"",
				    c->name);
	return 0;
}

/* The user may have changed limits with another program since the request was written. */
static int read_current(const struct container *c, struct kept *kept,
			bool *is_kept, struct failure *failure)
{
	int err = kept_read(c->supervisor->roots.state, c->name, kept);
	struct start_request now = { 0 };

	*is_kept = !err && kept->key == c->log.key;
	if (!err && !*is_kept)
		kept_free(kept);
	if (read_limits(c, &now, failure)) {
		request_free(&now);
		return -1;
	}
	if (!*is_kept) {
		kept->request = now;
		return 0;
	}
	kept->request.soft_limit = now.soft_limit;
	kept->request.hard_limit = now.hard_limit;
	request_free(&now);
	return 0;
}

static int apply(struct container *c, const struct limits_change *change,
		 const struct start_request *request, struct failure *failure)
{
	struct kernel *kernel = &c->supervisor->kernel;
	const struct purser_limits limits = {
		.soft_limit = &request->soft_limit,
		.hard_limit = &request->hard_limit,
	};
	struct cgroup_limits of_cgroup = choose_cgroup_limits(request);
	const struct purser_ref ref = { .id = c->id };

	/* Fail only for what the user has asked for now. */
	of_cgroup.memory.needed = change->cgroup.has_memory_max;
	of_cgroup.pids.needed = change->cgroup.has_pids_max;
	if (cgroup_limits_change(c->cgroup.fd, &of_cgroup, failure)) {
		failure_prefix(failure, "container \"%s\": ", c->name);
		return -1;
	}
	if (!purser_set(kernel->commands, &ref, &limits))
		return 0;
	return failed(failure, EXIT_FAILED, "container \"%s\": %s", c->name,
		      purser_last_error(kernel->commands));
}

static int set_limits(struct container *c, struct limits_change *change,
		      struct kept *kept, bool is_kept, struct failure *failure)
{
	int err;

	if (limits_change_apply(change, &kept->request, failure) ||
	    apply(c, change, &kept->request, failure))
		return -1;
	err = is_kept ? kept_save(c->supervisor->roots.state, kept) : 0;
	if (err)
		container_warning(c, err, "keeping its new limits");
	return 0;
}

static void answer(struct client *client, const struct start_request *request)
{
	struct cgroup_limits limits = choose_cgroup_limits(request);
	struct object reply = message_begin("set", "set");

	object_add_string(&reply, "id", request->id);
	object_add_u64(&reply, "soft_limit", request->soft_limit);
	object_add_u64(&reply, "hard_limit", request->hard_limit);
	object_add_u64(&reply, "memory_max", limits.memory.max);
	object_add_u64(&reply, "pids_max", limits.pids.max);
	client_reply(client, object_done(&reply));
}

int op_set(struct client *client, struct json_object *m,
	   struct failure *failure)
{
	struct container *c = operation_find(client, m, failure);
	struct limits_change change;
	struct kept kept = { 0 };
	bool is_kept;
	int ret;

	if (!c)
		return -1;
	if (c->phase != PHASE_LIVE || container_is_final(c) || !c->id)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" is not running", c->name);
	if (limits_change_decode(m, &change, failure))
		return -1;
	ret = read_current(c, &kept, &is_kept, failure);
	if (!ret)
		ret = set_limits(c, &change, &kept, is_kept, failure);
	if (!ret)
		answer(client, &kept.request);
	kept_free(&kept);
	limits_change_free(&change);
	return ret;
}
