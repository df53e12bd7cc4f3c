/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wall behind the hard limit. The module holds a container to the memory that
 * its processes have mapped; what no page table maps is not in that figure, nor is
 * the number of processes. The container's cgroup stops these: memory.max, with
 * memory.swap.max and memory.oom.group, and pids.max. It also keeps processes from
 * binding themselves to other CPUs than their container's: cpuset.cpus.
 *
 * The values are kept in the cgroup alone. They are written before the container's
 * first process is born in it, and nothing of the engine changes them later.
 */
#ifndef CGROUP_LIMITS_H
#define CGROUP_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct failure;

/* The default of memory.max: twice the hard limit, and this far above it at least. */
#define WALL_ROOM (64ull << 20)

#define DEFAULT_PIDS_MAX 2048
/* The kernel gives no more PIDs, and refuses a greater pids.max. */
#define PIDS_MAX_MAX 4194304

/** struct wall - what a cgroup is held to; 0: no limit */
struct wall {
	uint64_t memory_max; /* bytes */
	uint64_t pids_max;
};

/** struct wall_choice - what was asked for; the rest are defaults */
struct wall_choice {
	bool has_memory_max;
	bool has_pids_max;
	struct wall wall;
};

/** wall_check() - what makes no sense is refused, with @failure filled */
int wall_check(const struct wall_choice *choice, uint64_t hard_limit,
	       struct failure *failure);

/** wall_choose() - the wall of a container with that hard limit, 0 for none */
struct wall wall_choose(const struct wall_choice *choice, uint64_t hard_limit);

/**
 * wall_set() - hold the cgroup whose folder is @cgroup_fd to it; -1: no cgroup
 * A file that is not there, for want of a cgroup or of a controller, is an error
 * (-ENOENT) where its limit was asked for, and passed over where it is a default.
 * On error @file is the one at fault.
 */
int wall_set(int cgroup_fd, const struct wall *wall,
	     const struct wall_choice *choice, const char **file);

/**
 * wall_set_cpus() - keep the processes in the cgroup on these CPUs
 * @cpus: as parse_cpu_list() takes it
 * A cgroup or a controller that is not there is passed over: the launch binds the
 * first process to them anyway. On error @file is the one at fault.
 */
int wall_set_cpus(int cgroup_fd, const char *cpus, const char **file);

/** wall_get() - what a cgroup is held to; no limit where it has no such file */
int wall_get(int cgroup_fd, struct wall *wall);

#endif /* CGROUP_LIMITS_H */
