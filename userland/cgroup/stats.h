/* SPDX-License-Identifier: GPL-2.0 */
/* What the processes of a cgroup use and have used: the statistics of cgroup v2. */
#ifndef CGROUP_STATS_H
#define CGROUP_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"

/* A limit that is not there. */
#define CGROUP_NO_LIMIT UINT64_MAX

/** struct cgroup_usage - what is used now, at most so far (0: unknown), and may be used */
struct cgroup_usage {
	uint64_t current, peak, limit;
};

/** struct cgroup_cpu_stats - times in microseconds */
struct cgroup_cpu_stats {
	uint64_t usage, user, system;
	uint64_t periods, throttled_periods, throttled;
};

/** struct cgroup_memory_events - how often something happened */
struct cgroup_memory_events {
	uint64_t low, high, max, oom, oom_kill;
};

/** struct cgroup_stat - a line of memory.stat */
struct cgroup_stat {
	char name[32];
	uint64_t value;
};

/** struct cgroup_io_stats - one block device: bytes and operations; discards */
struct cgroup_io_stats {
	unsigned int major, minor;
	uint64_t read_bytes, write_bytes, reads, writes;
	uint64_t discard_bytes, discards;
};

/** struct cgroup_hugetlb_stats - huge pages of one size, in bytes */
struct cgroup_hugetlb_stats {
	char page_size[16]; /* "2MB" */
	uint64_t current, limit;
	uint64_t failures; /* how often the limit was reached */
};

/** struct cgroup_stall - parts of the time in percent, and all of it in microseconds */
struct cgroup_stall {
	double avg10, avg60, avg300;
	uint64_t total;
};

/** struct cgroup_pressure - how long some or all processes waited for a resource */
struct cgroup_pressure {
	bool given;
	struct cgroup_stall some, full;
};

/**
 * struct cgroup_stats - the statistics of one cgroup; for cgroup_stats_free()
 * @has_memory, @has_pids, @has_io: the controller is on; without it, all numbers are 0
 * @swap: without memory, unlike in the runtime-spec
 * @memory_stat: memory.stat in the order of the kernel
 */
struct cgroup_stats {
	bool has_memory, has_pids, has_io;
	struct cgroup_cpu_stats cpu;
	struct cgroup_usage memory, swap, pids;
	struct cgroup_memory_events memory_events;
	struct cgroup_stat *memory_stat;
	size_t n_memory_stat;
	struct cgroup_io_stats *io;
	size_t n_io;
	struct cgroup_hugetlb_stats *hugetlb;
	size_t n_hugetlb;
	struct cgroup_pressure cpu_pressure, memory_pressure, io_pressure;
};

/**
 * cgroup_stats_read() - read all statistics
 * @cgroup: the open folder
 * Returns 0, or -1 with @failure filled; a file that is missing is no error.
 */
int cgroup_stats_read(int cgroup, struct cgroup_stats *stats,
		      struct failure *failure);
void cgroup_stats_free(struct cgroup_stats *stats);

#endif /* CGROUP_STATS_H */
