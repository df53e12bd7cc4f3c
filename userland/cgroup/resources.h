/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All resources that a configuration of the OCI runtime-spec can ask for, and writing
 * them to a cgroup of v2. limits.h has the few that the supervisor uses.
 *
 * The runtime-spec has the numbers of cgroup v1. They are converted linearly, as crun 1.21
 * and runc 1.1 do. As there, 0 means that a number is not set, except where 0
 * is a value of its own: @cpu_burst, @cpu_idle, and the limits of hugetlb and RDMA.
 */
#ifndef CGROUP_RESOURCES_H
#define CGROUP_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"

/** struct cgroup_number - a number that may be missing; a negative one means no limit */
struct cgroup_number {
	bool given;
	int64_t value;
};

/** struct cgroup_device_number - a number for one block device */
struct cgroup_device_number {
	unsigned int major, minor;
	uint64_t value;
};

/** struct cgroup_device_list - numbers for block devices */
struct cgroup_device_list {
	struct cgroup_device_number *devices;
	size_t n;
};

/** struct cgroup_pair - a name and its value */
struct cgroup_pair {
	const char *key;
	const char *value;
};

/** struct cgroup_hugetlb - a limit for pages of one size, "2MB" or "1GB" */
struct cgroup_hugetlb {
	const char *page_size;
	uint64_t limit; /* bytes */
};

/** struct cgroup_rdma - limits for one RDMA device */
struct cgroup_rdma {
	const char *device;
	struct cgroup_number handles, objects;
};

/**
 * struct cgroup_resources - what a cgroup gets; a missing field is left as it is
 * @memory_limit, @memory_reservation: bytes
 * @memory_swap: bytes of memory and swap together, as in cgroup v1
 * @memory_check_before_update: refuse a limit that is below what is in use
 * @cpu_shares: 2 to 262144, as in cgroup v1
 * @cpu_quota, @cpu_period, @cpu_burst: microseconds
 * @cpu_idle: 1: the policy SCHED_IDLE for the whole cgroup
 * @cpus, @mems: lists as "0-3,7", or NULL
 * @io_weight, @io_weights: 10 to 1000, as in cgroup v1
 * @rbps, @wbps, @riops, @wiops: a rate for each device, 0: no limit
 * @unified: files of cgroup v2, and the text for each
 */
struct cgroup_resources {
	struct cgroup_number memory_limit, memory_swap, memory_reservation;
	bool memory_check_before_update;
	struct cgroup_number cpu_shares, cpu_quota, cpu_period, cpu_burst,
		cpu_idle;
	const char *cpus, *mems;
	struct cgroup_number pids_limit;
	struct cgroup_number io_weight;
	struct cgroup_device_list io_weights, rbps, wbps, riops, wiops;
	const struct cgroup_hugetlb *hugetlb;
	size_t n_hugetlb;
	const struct cgroup_rdma *rdma;
	size_t n_rdma;
	const struct cgroup_pair *unified;
	size_t n_unified;
};

/**
 * cgroup_write_fn - handle one write to a file of a cgroup
 * @optional: it is no error if the cgroup has no such file
 * Returns 0, or -1 with @failure filled.
 */
typedef int (*cgroup_write_fn)(const char *file, const char *text,
			       bool optional, void *arg,
			       struct failure *failure);

/**
 * cgroup_resources_each() - convert @resources to writes, and call @fn for each
 * @cgroup: the open folder, from which present values are read; -1: there is none yet
 * Stops at the first call that fails. Returns 0, or -1 with @failure filled.
 */
int cgroup_resources_each(int cgroup, const struct cgroup_resources *resources,
			  cgroup_write_fn fn, void *arg,
			  struct failure *failure);

/**
 * cgroup_resources_set() - write what @resources has to the cgroup whose folder is open
 * Returns 0, or -1 with @failure filled: it names the file and the value.
 */
int cgroup_resources_set(int cgroup, const struct cgroup_resources *resources,
			 struct failure *failure);

#endif /* CGROUP_RESOURCES_H */
