/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Helpers for the programs that take memory. Each prints "ready", waits for the line
 * "go", takes memory in its way, checks the contents, prints "holds BYTES", and keeps
 * the memory until its input ends.
 */
#ifndef TAKE_H
#define TAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define MIB	   (1UL << 20)
#define HUGE_BYTES (2 * MIB)
#define PAGE	   4096UL

/**
 * wait_for_go() - print "ready" and wait for a line
 *
 * Reads byte by byte: a child must not inherit input in a buffer.
 */
static inline void wait_for_go(void)
{
	char c;

	say("ready\n");
	do {
		if (read(STDIN_FILENO, &c, 1) != 1)
			exit(0);
	} while (c != '\n');
}

/** hold() - print how many bytes are taken, and keep them until the input ends */
static inline void __attribute__((noreturn)) hold(size_t bytes)
{
	char c;

	say("holds %zu\n", bytes);
	while (read(STDIN_FILENO, &c, 1) == 1)
		;
	exit(0);
}

static inline void __attribute__((noreturn)) wait_for_ever(void)
{
	for (;;)
		pause();
}

/** write_pages() - write a word to each page, a different one in each */
static inline void write_pages(char *start, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i += PAGE)
		*(volatile uint64_t *)(start + i) = i ^ 0x5aa5;
}

/** check_pages() - fail if anything is missing that write_pages() has written */
static inline void check_pages(const char *start, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i += PAGE) {
		if (*(const volatile uint64_t *)(start + i) == (i ^ 0x5aa5))
			continue;
		errno = EIO;
		fail("the page at offset %zu has lost its contents", i);
	}
}

static inline char *map_pages(size_t bytes, int flags, int fd)
{
	char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (start == MAP_FAILED)
		fail("cannot map %zu bytes", bytes);
	return start;
}

/** map_small() - map private memory in pages of 4 KiB */
static inline char *map_small(size_t bytes)
{
	char *start = map_pages(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (madvise(start, bytes, MADV_NOHUGEPAGE) && errno != EINVAL)
		fail("cannot turn huge pages off");
	return start;
}

/** map_aligned() - map private memory that is aligned for huge pages */
static inline char *map_aligned(size_t bytes)
{
	char *start = map_pages(bytes + HUGE_BYTES, MAP_PRIVATE | MAP_ANONYMOUS,
				-1);
	size_t before = -(uintptr_t)start % HUGE_BYTES;

	if ((before && munmap(start, before)) ||
	    munmap(start + before + bytes, HUGE_BYTES - before))
		fail("cannot map %zu bytes", bytes);
	return start + before;
}

/* --- Children --- */

/*
 * The tally is a pipe that counts the children that are done. A child writes a zero byte
 * when it has its memory, and "x" when it fails. The process that opened the tally reads.
 */
static int tally[2];
static pid_t reader_of_tally;

static void tell_failure(void)
{
	if (getpid() != reader_of_tally && write(tally[1], "x", 1) != 1)
		_exit(1);
}

static inline void open_tally(void)
{
	reader_of_tally = getpid();
	if (pipe(tally) || atexit(tell_failure))
		fail("cannot make a pipe");
}

/** count_me() - tell the tally that this process has its memory */
static inline void count_me(void)
{
	if (write(tally[1], "", 1) != 1)
		fail("cannot write to the tally");
}

/** wait_for_tally() - wait until @n children have their memory; fail if one fails */
static inline void wait_for_tally(unsigned long n)
{
	char c;

	while (n--)
		if (read(tally[0], &c, 1) != 1 || c)
			fail("a child has failed");
}

static inline pid_t make_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("cannot fork");
	return pid;
}

#endif /* TAKE_H */
