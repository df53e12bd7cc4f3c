// SPDX-License-Identifier: GPL-2.0
/*
 * take_map WAY MIB
 *
 * One process maps memory and writes to it; see take.h. WAY is
 *
 *   anon, shared, populate, memfd, posix, sysv
 *             private and shared memory, by mmap(), MAP_POPULATE, memfd_create(),
 *             shm_open() and shmat()
 *   huge      huge pages, by MADV_HUGEPAGE
 *   collapse  one page in each 2 MiB, then MADV_COLLAPSE
 *   remap     a mapping that mremap() enlarges and may move each time
 *   stack     a stack that grows
 *   brk       the heap, by sbrk()
 *
 * Exits with status 3 if this kernel does not support the way.
 */
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/shm.h>

#include "take.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define CANNOT 3

static const char usage[] = "take_map WAY MIB, see take_map.c";

static char *take(char *start, size_t bytes)
{
	write_pages(start, bytes);
	return start;
}

static char *take_anon(size_t bytes)
{
	return take(map_small(bytes), bytes);
}

static char *take_shared(size_t bytes)
{
	return take(map_pages(bytes, MAP_SHARED | MAP_ANONYMOUS, -1), bytes);
}

static char *take_populated(size_t bytes)
{
	return take(map_pages(bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
			      -1),
		    bytes);
}

static char *take_file(int fd, size_t bytes)
{
	if (fd < 0 || ftruncate(fd, (off_t)bytes))
		fail("cannot make a file in memory");
	return take(map_pages(bytes, MAP_SHARED, fd), bytes);
}

static char *take_memfd(size_t bytes)
{
	return take_file(memfd_create("take", MFD_CLOEXEC), bytes);
}

static char *take_posix(size_t bytes)
{
	int fd = shm_open("/take", O_RDWR | O_CREAT | O_EXCL, 0600);

	if (fd < 0 || shm_unlink("/take"))
		fail("cannot make POSIX shared memory");
	return take_file(fd, bytes);
}

static char *take_sysv(size_t bytes)
{
	int id = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
	char *start = id < 0 ? (char *)-1 : shmat(id, NULL, 0);

	if (start == (char *)-1 || shmctl(id, IPC_RMID, NULL))
		fail("cannot make SysV shared memory");
	return take(start, bytes);
}

static char *take_huge(size_t bytes)
{
	char *start = map_aligned(bytes);

	if (madvise(start, bytes, MADV_HUGEPAGE))
		exit(CANNOT);
	return take(start, bytes);
}

/* Touch one page of each huge page; the kernel fills in the others. */
static char *take_collapsed(size_t bytes)
{
	char *start = map_aligned(bytes);
	size_t i;

	if (madvise(start, bytes, MADV_NOHUGEPAGE))
		exit(CANNOT);
	for (i = 0; i < bytes; i += HUGE_BYTES)
		*(volatile char *)(start + i) = 1;
	if (madvise(start, bytes, MADV_HUGEPAGE))
		exit(CANNOT);
	for (i = 0; i < bytes; i += HUGE_BYTES)
		if (madvise(start + i, HUGE_BYTES, MADV_COLLAPSE))
			exit(CANNOT);
	return take(start, bytes);
}

static char *take_remapped(size_t bytes)
{
	size_t have = 4 * MIB, more;
	char *start = take(map_small(have), have);

	for (; have < bytes; have += more) {
		more = 4 * MIB;
		start = mremap(start, have, have + more, MREMAP_MAYMOVE);
		if (start == MAP_FAILED)
			fail("cannot remap");
		take(start, have + more);
	}
	return start;
}

/* Touch the pages downwards one by one, so that the kernel grows the stack. */
static char *take_stack(size_t bytes)
{
	struct rlimit limit = { .rlim_cur = bytes + 8 * MIB,
				.rlim_max = RLIM_INFINITY };
	char *top = __builtin_frame_address(0), *start;
	size_t i;

	if (setrlimit(RLIMIT_STACK, &limit))
		fail("cannot raise the stack limit");
	start = (char *)((uintptr_t)top & -PAGE) - 16 * PAGE - bytes;
	for (i = bytes; i; i -= PAGE)
		*(volatile char *)(start + i - PAGE) = 1;
	return take(start, bytes);
}

static char *take_brk(size_t bytes)
{
	char *start = sbrk((intptr_t)bytes);

	if (start == (void *)-1)
		fail("cannot move the break");
	return take(start, bytes - PAGE);
}

static const struct way {
	const char *name;
	char *(*take)(size_t bytes);
} ways[] = {
	{ "anon", take_anon },
	{ "shared", take_shared },
	{ "populate", take_populated },
	{ "memfd", take_memfd },
	{ "posix", take_posix },
	{ "sysv", take_sysv },
	{ "huge", take_huge },
	{ "collapse", take_collapsed },
	{ "remap", take_remapped },
	{ "stack", take_stack },
	{ "brk", take_brk },
};

int main(int argc, char **argv)
{
	const struct way *way = ways;
	size_t bytes;
	char *start;

	if (argc != 3)
		bad_usage(usage);
	bytes = number(usage, "MIB", argv[2], 1, 4096) * MIB;
	while (strcmp(way->name, argv[1]))
		if (++way == ways + sizeof(ways) / sizeof(*ways))
			bad_usage(usage);
	wait_for_go();
	start = way->take(bytes);
	check_pages(start, bytes - PAGE);
	hold(bytes);
}
