/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a workload of the benchmark shares with who measures it.
 *
 * The record outlives the workload: when that has been killed it tells how many
 * pages were touched, and when each was. Before it touches a page a worker puts
 * the time into its next slot, so that
 *
 *	memory at death <= memory before + slots that are set * size of a page
 *
 * where one page a worker may be missing: the one whose fault did not come to its
 * end. Nobody has to be asked who could be wrong: not the module, nor the kernel's
 * own counters, which newer kernels keep for each CPU apart.
 *
 * It lies in one page of hugetlbfs. Those count neither as RSS nor in a memory
 * cgroup, and are mapped as a whole: to write it down does not change the figure.
 */
#ifndef BENCH_RECORD_H
#define BENCH_RECORD_H

#include <stdint.h>
#include <time.h>

#define RECORD_BYTES (2UL << 20)
#define RECORD_SLOTS (RECORD_BYTES / sizeof(uint64_t))
#define BENCH_PAGE   4096UL
#define BENCH_HUGE   (2UL << 20)
#define WORKERS_MAX  64

/* Descriptors that a workload is given. */
enum {
	RECORD_FD = 3, /* the record */
	READY_FD = 4,  /* each worker writes a byte when it is ready */
	GO_FD = 5,     /* and waits for the end of this */
};

/* Nanoseconds of the clock that the kernel's tracer is set to. */
static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

#endif /* BENCH_RECORD_H */
