// SPDX-License-Identifier: GPL-2.0
/*
 * memory_hog [chunk_mb] [sleep_ms] - allocate and touch chunk_mb MiB every
 * sleep_ms milliseconds; by default 8 MiB every second.
 *
 * It runs until a signal kills it, or exits with status 1 if an allocation fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

static const char usage[] = "memory_hog [chunk_mb] [sleep_ms]";

int main(int argc, char **argv)
{
	unsigned long chunk_mib = 8, sleep_ms = 1000, total_mib = 0;
	size_t bytes;

	if (argc > 3)
		bad_usage(usage);
	if (argc > 1)
		chunk_mib = number(usage, "chunk_mb", argv[1], 1, 1 << 20);
	if (argc > 2)
		sleep_ms = number(usage, "sleep_ms", argv[2], 0, 86400000);

	bytes = chunk_mib << 20;
	for (;;) {
		void *chunk = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (chunk == MAP_FAILED)
			fail("memory_hog: cannot allocate %lu MiB after %lu",
			     chunk_mib, total_mib);
		/* Not zeros: the kernel can merge pages of zeros. */
		memset(chunk, 0xa5, bytes);
		total_mib += chunk_mib;
		say("memory_hog: %lu MiB allocated\n", total_mib);
		sleep_for(sleep_ms);
	}
}
