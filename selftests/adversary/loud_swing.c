// SPDX-License-Identifier: GPL-2.0
/*
 * loud_swing BASE EXTRA
 *
 * Takes BASE KiB, and then EXTRA KiB more and gives those back, again and again. Prints
 * "ready", and swings from the line "go" on. At the line "up" or "down" it stops with
 * or without the EXTRA KiB, and prints "swung N", the number of swings so far.
 */
#include <poll.h>

#include "take.h"

static const char usage[] = "loud_swing BASE EXTRA";

static unsigned long swung;

/* is_told() - there is a line to read, or the input has ended */
static bool is_told(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void swing(char *start, size_t bytes)
{
	do {
		write_pages(start, bytes);
		if (madvise(start, bytes, MADV_DONTNEED))
			fail("cannot give the memory back");
		swung++;
	} while (!is_told());
}

int main(int argc, char **argv)
{
	size_t base, extra;
	char *start, line[16];

	if (argc != 3)
		bad_usage(usage);
	base = number(usage, "BASE", argv[1], 1, 1 << 20) * 1024;
	extra = number(usage, "EXTRA", argv[2], 1, 1 << 20) * 1024;
	setvbuf(stdin, NULL, _IONBF, 0);
	write_pages(map_small(base), base);
	start = map_small(extra);
	wait_for_go();
	swing(start, extra);
	while (fgets(line, sizeof(line), stdin)) {
		if (!strcmp(line, "up\n"))
			write_pages(start, extra);
		else if (!strcmp(line, "down\n"))
			madvise(start, extra, MADV_DONTNEED);
		else if (!strcmp(line, "go\n"))
			swing(start, extra);
		else
			bad_usage(usage);
		say("swung %lu\n", swung);
	}
	return 0;
}
