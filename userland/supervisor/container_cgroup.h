/* SPDX-License-Identifier: GPL-2.0 */
/* The cgroup of a container: its limits, making, taking over and removing it. */
#ifndef SUPERVISOR_CONTAINER_CGROUP_H
#define SUPERVISOR_CONTAINER_CGROUP_H

#include "cgroup/limits.h"
#include "control/request.h"
#include "registry.h"

/* The default of memory.max is twice the hard limit, and at least this far above it. */
#define MEMORY_MAX_ROOM (64ull << 20)

#define DEFAULT_PIDS_MAX 2048

/** choose_cgroup_limits() - combine the limits in the request with the defaults */
struct cgroup_limits choose_cgroup_limits(const struct start_request *request);

/**
 * container_make_cgroup() - make the cgroup of a container, and set its limits
 * Does nothing if the supervisor has no place for cgroups.
 */
int container_make_cgroup(struct container *c,
			  const struct start_request *request,
			  struct failure *failure);

/** container_take_over_cgroup() - find the cgroup that an earlier supervisor made */
int container_take_over_cgroup(struct container *c);

/**
 * container_remove_cgroup() - try to remove it
 * @news: called when it has become empty: then call this again
 * Returns true if it is removed or never will be; false: wait for @news.
 */
bool container_remove_cgroup(struct container *c, loop_fn news);

#endif /* SUPERVISOR_CONTAINER_CGROUP_H */
