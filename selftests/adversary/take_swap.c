// SPDX-License-Identifier: GPL-2.0
/*
 * take_swap WAY MIB
 *
 * Takes memory and swaps it out, 8 MiB at a time, by MADV_PAGEOUT; see take.h. WAY is
 *
 *   out       the memory stays in the swap
 *   back      then all of it is read back
 */
#include "take.h"

#define CHUNK (8 * MIB)

static const char usage[] = "take_swap out|back MIB";

int main(int argc, char **argv)
{
	size_t bytes, done;
	char *start;

	if (argc != 3 || (strcmp(argv[1], "out") && strcmp(argv[1], "back")))
		bad_usage(usage);
	bytes = number(usage, "MIB", argv[2], CHUNK / MIB, 4096) * MIB;
	start = map_small(bytes);
	wait_for_go();
	for (done = 0; done < bytes; done += CHUNK) {
		write_pages(start + done, CHUNK);
		if (madvise(start + done, CHUNK, MADV_PAGEOUT))
			fail("cannot swap out");
	}
	for (done = 0; done < bytes && argv[1][0] == 'b'; done += CHUNK)
		check_pages(start + done, CHUNK);
	hold(bytes);
}
