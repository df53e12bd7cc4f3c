// SPDX-License-Identifier: GPL-2.0
/*
 * take_child WAY MIB
 *
 * Many processes or threads take memory, or one takes it for another; see take.h.
 * WAY is
 *
 *   storm     each process takes 1 MiB and forks the next one
 *   crowd     children that take 1 MiB each, all at once
 *   threads   likewise, 8 threads
 *   vfork     a child of vfork() takes it in the memory of its parent
 *   sharer    a child that shares the memory of its parent, but is no thread of it
 *   heir      likewise, and its parent has exited before
 *   cow       four processes share a quarter of it, and write to the others' copies
 *             by process_vm_writev(), so that the kernel ends the sharing
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "take.h"

#define N_THREADS   8
#define N_SHARERS   4
#define STACK_BYTES (64 << 10)

static const char usage[] = "take_child WAY MIB, see take_child.c";

static size_t bytes;
static char *block;

static void take_block(size_t size)
{
	block = map_small(size);
	write_pages(block, size);
	check_pages(block, size);
}

/* The last one is waited for, and so are the others. */
static void take_storm(void)
{
	unsigned long i, n = bytes / MIB;

	open_tally();
	if (make_child()) {
		wait_for_tally(n);
		return;
	}
	for (i = 0; i < n; i++) {
		take_block(MIB);
		count_me();
		if (i == n - 1 || make_child())
			wait_for_ever();
		munmap(block, MIB);
	}
}

static void take_crowd(void)
{
	unsigned long i, n = bytes / MIB;

	open_tally();
	for (i = 0; i < n; i++) {
		if (make_child())
			continue;
		take_block(MIB);
		count_me();
		wait_for_ever();
	}
	wait_for_tally(n);
}

static pthread_barrier_t barrier;

static void *thread(void *start)
{
	pthread_barrier_wait(&barrier);
	write_pages(start, bytes / N_THREADS);
	pthread_barrier_wait(&barrier);
	wait_for_ever();
}

static void take_threads(void)
{
	size_t part = bytes / N_THREADS;
	pthread_t unused;
	int i;

	block = map_small(bytes);
	pthread_barrier_init(&barrier, NULL, N_THREADS + 1);
	for (i = 0; i < N_THREADS; i++) {
		errno = pthread_create(&unused, NULL, thread, block + i * part);
		if (errno)
			fail("cannot start a thread");
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (i = 0; i < N_THREADS; i++)
		check_pages(block + i * part, part);
}

static int take_in_child(void *stay)
{
	take_block(bytes);
	count_me();
	if (stay)
		wait_for_ever();
	_exit(0);
}

static void share(int flags, bool stay)
{
	char *stack = map_small(STACK_BYTES);

	open_tally();
	if (clone(take_in_child, stack + STACK_BYTES,
		  CLONE_VM | SIGCHLD | flags, stay ? stack : NULL) < 0)
		fail("cannot have a child");
	wait_for_tally(1);
	check_pages(block, bytes);
}

static void take_by_vfork(void)
{
	share(CLONE_VFORK, false);
}

static void take_by_sharer(void)
{
	share(0, true);
}

static int take_when_alone(void *parent)
{
	while (getppid() == (pid_t)(intptr_t)parent)
		sleep_for(10);
	take_block(bytes);
	hold(bytes);
}

static void take_by_heir(void)
{
	char *stack = map_small(STACK_BYTES);

	if (clone(take_when_alone, stack + STACK_BYTES, CLONE_VM | SIGCHLD,
		  (void *)(intptr_t)getpid()) < 0)
		fail("cannot have a child");
	_exit(0);
}

/* Page by page what is there already, so that it can be checked. */
static void write_to(pid_t pid, size_t size)
{
	struct iovec part = { block, MIB };

	for (; part.iov_base < (void *)(block + size);
	     part.iov_base = (char *)part.iov_base + MIB)
		if (process_vm_writev(pid, &part, 1, &part, 1, 0) !=
		    (ssize_t)MIB)
			fail("cannot write to process %d", pid);
}

static void take_copies(void)
{
	size_t part = bytes / N_SHARERS;
	pid_t pids[N_SHARERS - 1];
	int i;

	take_block(part);
	for (i = 0; i < N_SHARERS - 1; i++) {
		pids[i] = make_child();
		if (!pids[i])
			wait_for_ever();
	}
	for (i = 0; i < N_SHARERS - 1; i++)
		write_to(pids[i], part);
}

static const struct way {
	const char *name;
	void (*take)(void);
} ways[] = {
	{ "storm", take_storm },      { "crowd", take_crowd },
	{ "threads", take_threads },  { "vfork", take_by_vfork },
	{ "sharer", take_by_sharer }, { "heir", take_by_heir },
	{ "cow", take_copies },
};

int main(int argc, char **argv)
{
	const struct way *way = ways;

	if (argc != 3)
		bad_usage(usage);
	bytes = number(usage, "MIB", argv[2], 1, 4096) * MIB;
	while (strcmp(way->name, argv[1]))
		if (++way == ways + sizeof(ways) / sizeof(*ways))
			bad_usage(usage);
	wait_for_go();
	way->take();
	hold(bytes);
}
