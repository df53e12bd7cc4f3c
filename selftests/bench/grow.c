// SPDX-License-Identifier: GPL-2.0
/*
 * grow HOW WORKERS KIB
 *
 * Takes KIB of memory by WORKERS workers together, as fast as they can. Then the
 * workers wait for the signal that ends them. HOW is
 *   threads      each worker is a thread and touches its own memory
 *   processes    each worker is a process and touches its own memory
 *   huge         one thread takes huge pages
 *   populate     one thread takes all memory by one mmap(MAP_POPULATE)
 *   shared       one thread takes memory by MAP_SHARED
 *   unshare      each worker is a process and writes to memory that it inherited
 *
 * A worker records the time before it touches a page, see record.h. With "populate"
 * the kernel touches the pages: only the time before the call is recorded.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "worker.h"

static const char usage[] =
	"grow threads|processes|huge|populate|shared|unshare WORKERS KIB";

static unsigned long workers;
static size_t share; /* bytes of each worker */
static uint64_t *record;
static bool populate;
static char *heap; /* with "unshare": the inherited memory */

static void touch(volatile char *from, size_t bytes, uint64_t *slot)
{
	for (size_t at = 0; at < bytes; at += BENCH_PAGE) {
		*slot++ = now_ns();
		from[at] = 1;
	}
}

/*
 * Touch a page and read the clock once before the memory is measured: the first time
 * takes pages of the program and of the vDSO, too.
 */
static void warm_up(void)
{
	uint64_t slot;

	touch(reserve(BENCH_PAGE, MAP_PRIVATE), BENCH_PAGE, &slot);
}

static void __attribute__((noreturn)) work(unsigned long i, char *from)
{
	uint64_t *slot = record + i * (share / BENCH_PAGE);

	warm_up();
	ready_and_wait();
	if (populate) {
		*slot = now_ns();
		reserve(share, MAP_PRIVATE | MAP_POPULATE);
	} else {
		touch(from, share, slot);
	}
	for (;;)
		pause();
}

static void *thread(void *arg)
{
	unsigned long i = (unsigned long)arg;

	work(i, reserve(share, MAP_PRIVATE));
}

static void start_threads(void)
{
	pthread_t unused;

	for (unsigned long i = 1; i < workers; i++) {
		errno = pthread_create(&unused, NULL, thread, (void *)i);
		if (errno)
			fail("grow: cannot start a thread");
	}
}

static void __attribute__((noreturn)) process(unsigned long i)
{
	work(i, heap ? heap : reserve(share, MAP_PRIVATE));
}

static void start_processes(unsigned long from)
{
	pid_t pid;

	for (unsigned long i = from; i < workers; i++) {
		pid = fork();
		if (pid < 0)
			fail("grow: cannot fork");
		if (!pid)
			process(i);
	}
}

/*
 * Returns memory that is aligned for huge pages. The huge page before it is touched
 * at once, which shows whether the machine gives huge pages.
 */
static char *huge(void)
{
	char *p = reserve(share + 2 * BENCH_HUGE, MAP_PRIVATE);

	p += -(uintptr_t)p & (BENCH_HUGE - 1);
	if (madvise(p, share + BENCH_HUGE, MADV_HUGEPAGE))
		fail("grow: cannot get huge pages");
	*(volatile char *)p = 1;
	return p + BENCH_HUGE;
}

/* Fill the heap before forking the workers; the parent then only waits. */
static void __attribute__((noreturn)) unshare_heap(void)
{
	heap = reserve(share, MAP_PRIVATE);
	memset(heap, 1, share);
	start_processes(0);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	const char *how = argc == 4 ? argv[1] : "";

	if (argc != 4)
		bad_usage(usage);
	workers = number(usage, "WORKERS", argv[2], 1, WORKERS_MAX);
	share = number(usage, "KIB", argv[3], 4, RECORD_SLOTS * 4) * 1024;
	share = share / workers & -BENCH_PAGE;
	record = mmap(NULL, RECORD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
		      RECORD_FD, 0);
	if (record == MAP_FAILED)
		fail("grow: cannot map the record");
	if (!strcmp(how, "huge"))
		work(0, huge());
	small_pages();
	if (!strcmp(how, "threads"))
		start_threads();
	else if (!strcmp(how, "processes"))
		start_processes(1);
	else if (!strcmp(how, "shared"))
		work(0, reserve(share, MAP_SHARED));
	else if (!strcmp(how, "populate"))
		populate = true;
	else if (!strcmp(how, "unshare"))
		unshare_heap();
	else
		bad_usage(usage);
	work(0, populate ? NULL : reserve(share, MAP_PRIVATE));
}
