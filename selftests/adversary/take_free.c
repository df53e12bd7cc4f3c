// SPDX-License-Identifier: GPL-2.0
/*
 * take_free WAY MIB [FILE]
 *
 * Takes memory, frees it by MADV_FREE and writes to it again: the process keeps the
 * memory, but the kernel has it on its file lists. See take.h; WAY is
 *
 *   once      one process, 8 MiB at a time
 *   huge      likewise, with huge pages
 *   many      a child for each 8 MiB
 *   chain     each process takes 8 MiB, forks and exits; the last one has all memory
 *   cache     as "once", after reading FILE, whose pages are on the same lists
 *
 * Exits with status 3 if this kernel does not support the way.
 */
#include <fcntl.h>
#include <signal.h>

#include "take.h"

#define CHUNK	   (8 * MIB)
#define MAX_CHUNKS 512
#define CANNOT	   3

static const char usage[] = "take_free once|huge|many|chain|cache MIB [FILE]";

static char *chunks[MAX_CHUNKS];

static void free_and_write(char *start, size_t bytes)
{
	write_pages(start, bytes);
	if (madvise(start, bytes, MADV_FREE))
		fail("cannot madvise(MADV_FREE)");
	write_pages(start, bytes);
}

static char *take_chunk(void)
{
	char *start = map_small(CHUNK);

	free_and_write(start, CHUNK);
	return start;
}

static void check_chunks(unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		check_pages(chunks[i], CHUNK);
}

static void take_once(unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		chunks[i] = take_chunk();
	check_chunks(n);
}

static void take_huge(unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++) {
		chunks[i] = map_aligned(CHUNK);
		if (madvise(chunks[i], CHUNK, MADV_HUGEPAGE))
			exit(CANNOT);
		free_and_write(chunks[i], CHUNK);
	}
	check_chunks(n);
}

static void take_many(unsigned long n)
{
	unsigned long i;
	char *start;

	open_tally();
	for (i = 0; i < n; i++) {
		if (make_child())
			continue;
		start = take_chunk();
		check_pages(start, CHUNK);
		count_me();
		wait_for_ever();
	}
	wait_for_tally(n);
}

/* The first process, which takes nothing itself, waits for the last one. */
static void take_chain(unsigned long n)
{
	unsigned long i;

	open_tally();
	signal(SIGCHLD, SIG_IGN);
	if (make_child()) {
		wait_for_tally(1);
		return;
	}
	for (i = 0; i < n; i++) {
		chunks[i] = take_chunk();
		if (i < n - 1 && make_child())
			_exit(0);
	}
	check_chunks(n);
	count_me();
	wait_for_ever();
}

static void read_file(const char *path)
{
	static char some[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		fail("cannot open %s", path);
	while ((n = read(fd, some, sizeof(some))) > 0)
		;
	if (n < 0)
		fail("cannot read %s", path);
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned long bytes, n;
	const char *way;

	if (argc < 3 || argc > 4)
		bad_usage(usage);
	way = argv[1];
	bytes = number(usage, "MIB", argv[2], 8, 4096) * MIB;
	n = bytes / CHUNK;
	wait_for_go();
	if (!strcmp(way, "cache") && argc == 4)
		read_file(argv[3]);
	else if (argc != 3)
		bad_usage(usage);
	if (!strcmp(way, "once") || !strcmp(way, "cache"))
		take_once(n);
	else if (!strcmp(way, "huge"))
		take_huge(n);
	else if (!strcmp(way, "many"))
		take_many(n);
	else if (!strcmp(way, "chain"))
		take_chain(n);
	else
		bad_usage(usage);
	hold(n * CHUNK);
}
