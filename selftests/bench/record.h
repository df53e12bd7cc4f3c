/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The record: memory that a workload of the benchmark shares with the program that
 * measures it.
 *
 * The record outlives the workload. When the workload has been killed, the record
 * tells how many pages it has touched, and when. A worker stores the time in its
 * next slot before it touches a page, so that
 *
 *	memory at death <= memory before + slots that are set * size of a page
 *
 * The right side may be one page a worker too large: the page fault of the last slot
 * may not have ended. The figure depends neither on the module nor on the kernel's
 * counters, which newer kernels keep apart for each CPU.
 *
 * The record is in one page of hugetlbfs. Such a page counts neither as RSS nor in a
 * memory cgroup and is mapped as a whole, so that recording does not change the
 * figure.
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

/* The descriptors that a workload gets. */
enum {
	RECORD_FD = 3, /* the record */
	READY_FD = 4,  /* a pipe: each worker writes a byte when it is ready */
	GO_FD = 5,     /* a pipe: each worker begins at its end */
};

/* now_ns() - nanoseconds of CLOCK_MONOTONIC, which the kernel's tracer uses too */
static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

#endif /* BENCH_RECORD_H */
