// SPDX-License-Identifier: GPL-2.0
/* The cgroups of containers, see container_cgroup.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "container_cgroup.h"
#include "run_folder.h"
#include "supervisor.h"

/* 0, no limit: if there is no hard limit, or if the result does not fit into 64 bits. */
static uint64_t default_memory_max(uint64_t hard_limit)
{
	uint64_t room = hard_limit > MEMORY_MAX_ROOM ? hard_limit :
						       MEMORY_MAX_ROOM;
	uint64_t sum;

	if (!hard_limit || __builtin_add_overflow(hard_limit, room, &sum))
		return 0;
	return sum;
}

struct cgroup_limits choose_cgroup_limits(const struct start_request *request)
{
	const struct cgroup_choice *choice = &request->cgroup;
	struct cgroup_limits limits = {
		.memory = { choice->memory_max, choice->has_memory_max },
		.pids = { choice->pids_max, choice->has_pids_max },
		.cpu = request->cpu_max,
		.nice = request->has_nice ? request->nice : 0,
		.cpus = request->cpus,
	};

	if (!choice->has_memory_max)
		limits.memory.max = default_memory_max(request->hard_limit);
	if (!choice->has_pids_max)
		limits.pids.max = DEFAULT_PIDS_MAX;
	return limits;
}

int container_make_cgroup(struct container *c,
			  const struct start_request *request,
			  struct failure *failure)
{
	struct cgroup_limits limits = choose_cgroup_limits(request);
	int err = cgroup_make(&c->cgroup, &c->supervisor->cgroups);
	int hold __cleanup_close = -1;

	if (!err && limits.cpu)
		err = cgroup_tree_turn_on_cpu(&c->supervisor->cgroups, &hold);
	if (err && limits.cpu)
		return failed_errno(
			failure, err,
			"its limit of CPU time: turning on the cpu controller");
	if (err)
		return failed_errno(failure, err, "making its cgroup %s",
				    c->cgroup.path);
	return cgroup_limits_set(c->cgroup.fd, &limits, failure);
}

/*
 * Whether @path is the cgroup of this container. An earlier supervisor may have had
 * another --cgroup-root: of a container with a record, only the name is compared.
 */
static int is_its_cgroup(const struct container *c, const char *path)
{
	__cleanup_free char *own = NULL;
	struct cgroup cgroup;
	int err;

	cgroup_init(&cgroup);
	err = cgroup_place(&cgroup, &c->supervisor->cgroups, c->name);
	own = cgroup.path;
	if (err)
		return err;
	return (own && !strcmp(path, own)) ||
	       (c->id && cgroup_is_named(path, c->name));
}

int container_take_over_cgroup(struct container *c)
{
	char *path;
	int err = run_folder_read(c->run_folder, RUN_FOLDER_CGROUP, &path);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = is_its_cgroup(c, path);
	if (err > 0) {
		err = cgroup_open(&c->cgroup, path);
		return err == -ENOENT ? 0 : err;
	}
	if (!err)
		container_names_foreign(c, "a cgroup", path);
	free(path);
	return err;
}

/* The last container with a limit of CPU time has ended, perhaps. */
static void spare_cpu(struct container *c)
{
	int err = cgroup_tree_spare_cpu(&c->supervisor->cgroups);

	/* -ENOENT: another supervisor has removed the tree. */
	if (err && err != -EBUSY && err != -ENOENT)
		container_warning(c, err, "turning off the cpu controller");
}

bool container_remove_cgroup(struct container *c, loop_fn news)
{
	const bool limited = c->cgroup.fd >= 0 &&
			     cgroup_has_cpu_limit(c->cgroup.fd, ".");
	int err = cgroup_remove(&c->cgroup, &c->supervisor->loop, news);

	if (err && err != -EINPROGRESS)
		container_warning(c, err, "removing its cgroup %s",
				  c->cgroup.path);
	if (!err && limited)
		spare_cpu(c);
	return err != -EINPROGRESS;
}
