// SPDX-License-Identifier: GPL-2.0
/*
 * take_child WAY MIB
 *
 * Many processes or threads take memory, or a process takes it for another one; see
 * take.h. WAY is
 *
 *   storm     each process takes 1 MiB and forks the next one
 *   crowd     children take 1 MiB each, all at once
 *   locked    likewise, and they lock it
 *   dust      likewise, 240 KiB each: the kernel holds back counts of up to 256 KiB
 *   threads   8 threads take the memory, all at once
 *   motes     likewise, with threads that take 240 KiB each
 *   tail      a thread takes the memory after the main thread has exited
 *   usurper   a thread calls execve(), becomes the main thread and takes the memory
 *   vfork     a child of vfork() takes the memory in its parent's address space
 *   sharer    a child with CLONE_VM, which is no thread, takes the memory
 *   heir      likewise, after its parent has exited
 *   cow       four processes share a quarter of the memory; one writes to the others'
 *             copies by process_vm_writev(), so that the kernel ends the sharing
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "take.h"

#define N_THREADS   8
#define MOTE	    (240UL << 10)
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

/* Each process of the chain counts itself, so that all are waited for. */
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

static void take_by_children(size_t each, bool lock)
{
	unsigned long i, n = bytes / each;

	open_tally();
	for (i = 0; i < n; i++) {
		if (make_child())
			continue;
		take_block(each);
		if (lock && mlock(block, each))
			fail("cannot lock memory");
		count_me();
		wait_for_ever();
	}
	wait_for_tally(n);
}

static void take_crowd(void)
{
	take_by_children(MIB, false);
}

static void take_locked(void)
{
	take_by_children(MIB, true);
}

static void take_dust(void)
{
	take_by_children(MOTE, false);
}

static pthread_barrier_t barrier;
static size_t part;

static void start_thread(void *(*run)(void *), void *argument)
{
	pthread_attr_t attr;
	pthread_t unused;

	errno = pthread_attr_init(&attr);
	if (!errno)
		errno = pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (!errno)
		errno = pthread_create(&unused, &attr, run, argument);
	if (errno)
		fail("cannot start a thread");
}

static void *take_part(void *start)
{
	pthread_barrier_wait(&barrier);
	write_pages(start, part);
	pthread_barrier_wait(&barrier);
	wait_for_ever();
}

static void take_by_threads(unsigned int n)
{
	unsigned int i;

	part = bytes / n & -PAGE;
	block = map_small(n * part);
	pthread_barrier_init(&barrier, NULL, n + 1);
	for (i = 0; i < n; i++)
		start_thread(take_part, block + i * part);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (i = 0; i < n; i++)
		check_pages(block + i * part, part);
}

static void take_threads(void)
{
	take_by_threads(N_THREADS);
}

static void take_motes(void)
{
	take_by_threads((unsigned int)(bytes / MOTE));
}

/* A main thread that has exited is a zombie while other threads live. */
static bool first_is_gone(void)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	f = fopen(path, "r");
	if (!f || fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		fail("cannot read %s", path);
	fclose(f);
	return state == 'Z';
}

static void *take_at_tail(void *unused)
{
	(void)unused;
	while (!first_is_gone())
		sleep_for(10);
	take_block(bytes);
	hold(bytes);
}

static void take_tail(void)
{
	start_thread(take_at_tail, NULL);
	pthread_exit(NULL);
}

static void *take_as_first(void *unused)
{
	char mib[32];

	(void)unused;
	snprintf(mib, sizeof(mib), "%zu", bytes / MIB);
	execl("/proc/self/exe", "take_child", "now", mib, NULL);
	fail("cannot exec");
}

static void take_as_usurper(void)
{
	start_thread(take_as_first, NULL);
	wait_for_ever();
}

static void take_now(void)
{
	take_block(bytes);
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
		fail("cannot start a child");
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
		fail("cannot start a child");
	_exit(0);
}

/* Write what the pages contain already, so that their contents can be checked. */
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
	pid_t pids[N_SHARERS - 1];
	int i;

	part = bytes / N_SHARERS;
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
	{ "storm", take_storm },     { "crowd", take_crowd },
	{ "locked", take_locked },   { "dust", take_dust },
	{ "threads", take_threads }, { "motes", take_motes },
	{ "tail", take_tail },	     { "usurper", take_as_usurper },
	{ "now", take_now }, /* what "usurper" executes */
	{ "vfork", take_by_vfork },  { "sharer", take_by_sharer },
	{ "heir", take_by_heir },    { "cow", take_copies },
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
	if (way->take != take_now)
		wait_for_go();
	way->take();
	hold(bytes);
}
