/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The limits of a container's cgroup. The module limits the memory that the processes of
 * a container have mapped. It limits neither memory that no page table maps nor the
 * number of processes; the cgroup does, with memory.max, memory.swap.max,
 * memory.oom.group and pids.max. cpuset.cpus keeps processes from binding themselves to
 * CPUs that the container does not have. cpu.max limits the CPU time. Where the cpu
 * controller is on, the kernel shares the CPU time between cgroups first: cpu.weight.nice
 * then gives a container the share that its nice value had before.
 *
 * Only the cgroup keeps the values. They are written before the first process of the
 * container is created in it; later, only a user changes them.
 */
#ifndef CGROUP_LIMITS_H
#define CGROUP_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"

/**
 * struct cgroup_limit - one limit
 * @needed: fail if the cgroup has no such file, because a controller is not on
 */
struct cgroup_limit {
	uint64_t max; /* 0: none */
	bool needed;
};

/** struct cgroup_limits - the limits of one cgroup */
struct cgroup_limits {
	struct cgroup_limit memory; /* bytes */
	struct cgroup_limit pids;
	uint32_t cpu; /* thousandths of a CPU; 0: no limit. Needs cgroup_tree_turn_on_cpu() */
	int nice; /* no error if it cannot be set */
	/*
	 * A list for parse_cpu_list(), or NULL for all CPUs. It is no error if it cannot
	 * be set: the launch binds the first process to these CPUs, too.
	 */
	const char *cpus;
};

/** cgroup_limits_set() - write limits; @cgroup: the open folder, or -1: there is none */
int cgroup_limits_set(int cgroup, const struct cgroup_limits *limits,
		      struct failure *failure);

/**
 * cgroup_limits_change() - write the limits of a cgroup that has processes
 * Unlike cgroup_limits_set(), this writes "no limit", too. @cpus NULL: leave them.
 */
int cgroup_limits_change(int cgroup, const struct cgroup_limits *limits,
			 struct failure *failure);

/** cgroup_has_cpu_limit() - whether the cgroup @name in @folder has a limit of CPU time */
bool cgroup_has_cpu_limit(int folder, const char *name);

/** cgroup_limits_get() - read the limits but @cpus; returns 0 or a negative errno */
int cgroup_limits_get(int cgroup, struct cgroup_limits *limits);

#endif /* CGROUP_LIMITS_H */
