/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for the workloads of the memory benchmark. */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../workloads/workload.h"
#include "record.h"

/** ready_and_wait() - tell that this worker is ready, and wait until all may begin */
static inline void ready_and_wait(void)
{
	char c = 0;

	if (write(READY_FD, &c, 1) != 1)
		fail("cannot tell that this worker is ready");
	while (read(GO_FD, &c, 1) > 0)
		;
}

/** small_pages() - turn huge pages off for this process and its children */
static inline void small_pages(void)
{
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		fail("cannot turn huge pages off");
}

/** reserve() - map anonymous memory without touching it; @flags: more MAP_ flags */
static inline void *reserve(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);

	if (p == MAP_FAILED)
		fail("cannot map %zu bytes", bytes);
	return p;
}

#endif /* BENCH_WORKER_H */
