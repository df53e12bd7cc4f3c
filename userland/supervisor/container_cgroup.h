/* SPDX-License-Identifier: GPL-2.0 */
/* The cgroup of a container: which limits it gets, and when it goes. */
#ifndef SUPERVISOR_CONTAINER_CGROUP_H
#define SUPERVISOR_CONTAINER_CGROUP_H

#include "cgroup/limits.h"
#include "control/request.h"
#include "registry.h"

/* The default of memory.max is twice the hard limit, and at least this far above it. */
#define MEMORY_MAX_ROOM (64ull << 20)

#define DEFAULT_PIDS_MAX 2048

/** choose_cgroup_limits() - what was asked for, and the defaults for the rest */
struct cgroup_limits choose_cgroup_limits(const struct start_request *request);

/** container_make_cgroup() - with its limits; no error if containers get no cgroups */
int container_make_cgroup(struct container *c,
			  const struct start_request *request,
			  struct failure *failure);

/** container_take_over_cgroup() - from an earlier supervisor; 0 or a negative errno */
int container_take_over_cgroup(struct container *c);

/**
 * container_remove_cgroup() - true: it is gone, or stays for good
 * @news: called if it has yet to become empty: then call this again
 */
bool container_remove_cgroup(struct container *c, loop_fn news);

#endif /* SUPERVISOR_CONTAINER_CGROUP_H */
