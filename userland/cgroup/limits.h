/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The limits of a container's cgroup. The module holds a container to the memory that
 * its processes have mapped. It counts neither memory that no page table maps nor
 * processes; the cgroup limits these, with memory.max, memory.swap.max,
 * memory.oom.group and pids.max. cpuset.cpus keeps processes from binding themselves
 * to other CPUs than their container's.
 *
 * The values are kept in the cgroup alone. They must be written before the
 * container's first process is born in it.
 */
#ifndef CGROUP_LIMITS_H
#define CGROUP_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"

/**
 * struct cgroup_limit - one limit
 * @needed: fail if the cgroup has no such file, for want of a controller
 */
struct cgroup_limit {
	uint64_t max; /* 0: none */
	bool needed;
};

/** struct cgroup_limits - of one cgroup */
struct cgroup_limits {
	struct cgroup_limit memory; /* bytes */
	struct cgroup_limit pids;
	/* As parse_cpu_list() takes it; NULL: all. Never needed: the launch binds the
	 * first process to them, too.
	 */
	const char *cpus;
};

/** cgroup_limits_set() - write them; @cgroup: the open folder, -1: there is none */
int cgroup_limits_set(int cgroup, const struct cgroup_limits *limits,
		      struct failure *failure);

/** cgroup_limits_get() - @cpus is not read; 0 or a negative errno */
int cgroup_limits_get(int cgroup, struct cgroup_limits *limits);

#endif /* CGROUP_LIMITS_H */
