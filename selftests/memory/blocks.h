/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of memory_actor.c that take memory and give it back in one process. A
 * block is one mapping.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define MIB	   (1UL << 20)
#define HUGE_BYTES (2 * MIB)

static const char usage[] = "memory_actor";

struct block {
	struct block *next;
	char *start;
	size_t bytes;
};

static struct block *blocks;

/* The text after "done". */
static char answer[1024];

static void __attribute__((format(printf, 1, 2)))
answer_with(const char *fmt, ...)
{
	size_t used = strlen(answer);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(answer + used, sizeof(answer) - used, fmt, ap);
	va_end(ap);
}

static size_t mib(const char *word)
{
	return number(usage, "N", word, 1, 4096) * MIB;
}

/* Writes to pages without reading them first, which would map the zero page. */
static void touch(char *start, size_t bytes, size_t step)
{
	volatile char *p = start;
	size_t i;

	for (i = 0; i < bytes; i += step)
		p[i] = 1;
}

static void read_pages(const char *start, size_t bytes)
{
	const volatile char *p = start;
	size_t i;

	for (i = 0; i < bytes; i += 4096)
		(void)p[i];
}

static char *add_block(void *start, size_t bytes)
{
	struct block *b = malloc(sizeof(*b));

	if (!b || start == MAP_FAILED)
		fail("memory_actor: cannot map %zu bytes", bytes);
	b->start = start;
	b->bytes = bytes;
	b->next = blocks;
	blocks = b;
	return start;
}

static struct block *last_block(void)
{
	if (!blocks)
		bad_usage("a block comes first");
	return blocks;
}

static char *map(size_t bytes, int flags, int fd)
{
	return add_block(
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0), bytes);
}

/* Maps a block that begins at a multiple of the size of huge pages. */
static char *map_aligned(size_t bytes)
{
	char *start = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before = -(uintptr_t)start % HUGE_BYTES;

	if (start == MAP_FAILED || (before && munmap(start, before)) ||
	    munmap(start + before + bytes, HUGE_BYTES - before))
		fail("memory_actor: cannot map %zu bytes", bytes);
	return add_block(start + before, bytes);
}

/* Maps a block without huge pages, so that no more is taken than was asked for. */
static char *map_small(size_t bytes)
{
	char *start = map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (madvise(start, bytes, MADV_NOHUGEPAGE) && errno != EINVAL)
		fail("memory_actor: cannot have small pages");
	return start;
}

static void do_anon(char **arg)
{
	touch(map_small(mib(arg[0])), mib(arg[0]), 4096);
}

static void do_huge(char **arg)
{
	size_t bytes = mib(arg[0]);
	char *start = map_aligned(bytes);

	if (madvise(start, bytes, MADV_HUGEPAGE))
		fail("memory_actor: cannot have huge pages");
	touch(start, bytes, 4096);
}

static void do_populate(char **arg)
{
	map(mib(arg[0]), MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1);
}

static void do_shared(char **arg)
{
	touch(map(mib(arg[0]), MAP_SHARED | MAP_ANONYMOUS, -1), mib(arg[0]),
	      4096);
}

static void take_file(int fd, size_t bytes)
{
	if (fd < 0 || ftruncate(fd, bytes))
		fail("memory_actor: cannot make shared memory");
	touch(map(bytes, MAP_SHARED, fd), bytes, 4096);
	close(fd);
}

static void do_memfd(char **arg)
{
	take_file(memfd_create("actor", MFD_CLOEXEC), mib(arg[0]));
}

static void do_shm(char **arg)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/memory_actor.%d", getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || shm_unlink(name))
		fail("memory_actor: cannot make shared memory");
	take_file(fd, mib(arg[0]));
}

static void do_file(char **arg)
{
	bool private = !strcmp(arg[1], "private");
	int fd = open(arg[0], private ? O_RDONLY : O_RDWR);
	size_t bytes = mib(arg[3]);
	char *start;

	if (fd < 0)
		fail("memory_actor: cannot open %s", arg[0]);
	start = map(bytes, private ? MAP_PRIVATE : MAP_SHARED, fd);
	/*
	 * Linux 7.3 makes huge pages of a file that is only read, and the process has
	 * these only when it reads them again.
	 */
	madvise(start, bytes, MADV_NOHUGEPAGE);
	if (!strcmp(arg[2], "read"))
		read_pages(start, bytes);
	else
		touch(start, bytes, 4096);
	close(fd);
}

static void do_room(char **arg)
{
	answer_with(" %lu", (unsigned long)map_aligned(mib(arg[0])));
}

static void do_small(char **arg)
{
	answer_with(" %lu", (unsigned long)map_small(mib(arg[0])));
}

static void do_missing(char **arg)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	reg.range.len = mib(arg[0]);
	reg.range.start = (unsigned long)map_small(reg.range.len);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg))
		fail("memory_actor: cannot use userfaultfd");
	answer_with(" %d %lu", fd, (unsigned long)reg.range.start);
}

static void do_fill(char **arg)
{
	static char some[65536];
	size_t left = mib(arg[0]);
	int fd = memfd_create("actor", MFD_CLOEXEC);

	for (; left; left -= sizeof(some))
		if (write(fd, some, sizeof(some)) != sizeof(some))
			fail("memory_actor: cannot write to a memfd");
}

static void do_touch(char **arg)
{
	size_t bytes = mib(arg[0]);

	if (bytes > last_block()->bytes)
		bad_usage("the block is smaller than that");
	touch(last_block()->start, bytes, 4096);
}

static void do_read(char **arg)
{
	(void)arg;
	read_pages(last_block()->start, last_block()->bytes);
}

static void do_sprinkle(char **arg)
{
	(void)arg;
	touch(last_block()->start, last_block()->bytes, HUGE_BYTES);
}

static void do_grow(char **arg)
{
	struct block *b = last_block();
	size_t more = mib(arg[0]);
	char *start = mremap(b->start, b->bytes, b->bytes + more,
			     MREMAP_MAYMOVE);

	if (start == MAP_FAILED)
		fail("memory_actor: cannot grow");
	b->start = start;
	touch(start + b->bytes, more, 4096);
	b->bytes += more;
}

static void do_move(char **arg)
{
	struct block *b = last_block();
	char *to = mmap(NULL, b->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	(void)arg;
	if (to == MAP_FAILED || mremap(b->start, b->bytes, b->bytes,
				       MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		fail("memory_actor: cannot move");
	b->start = to;
}

static void advise(int advice)
{
	if (madvise(last_block()->start, last_block()->bytes, advice))
		fail("memory_actor: cannot madvise(%d)", advice);
}

static void do_dontneed(char **arg)
{
	(void)arg;
	advise(MADV_DONTNEED);
}

static void do_pageout(char **arg)
{
	(void)arg;
	advise(MADV_PAGEOUT);
}

static void do_lock(char **arg)
{
	(void)arg;
	if (mlock(last_block()->start, last_block()->bytes))
		fail("memory_actor: cannot mlock()");
}

static void do_free(char **arg)
{
	struct block *b = last_block();

	(void)arg;
	if (munmap(b->start, b->bytes))
		fail("memory_actor: cannot munmap()");
	blocks = b->next;
	free(b);
}

#endif /* BLOCKS_H */
