// SPDX-License-Identifier: GPL-2.0
/*
 * faults MS [KIB]
 *
 * For MS milliseconds touches KIB of memory (default: 8192) page by page, gives all
 * of it back and starts again. Prints the page faults per second.
 */
#include "worker.h"

int main(int argc, char **argv)
{
	const char *usage = "faults MS [KIB]";
	uint64_t start, end;
	size_t bytes = 8192, n = 0;
	volatile char *p;

	if (argc < 2 || argc > 3)
		bad_usage(usage);
	end = number(usage, "MS", argv[1], 1, 3600000) * 1000000ULL;
	if (argc == 3)
		bytes = number(usage, "KIB", argv[2], 4, 1 << 20);
	bytes *= 1024;
	small_pages();
	p = reserve(bytes, MAP_PRIVATE);
	ready_and_wait();
	start = now_ns();
	do {
		for (size_t at = 0; at < bytes; at += BENCH_PAGE)
			p[at] = 1;
		n += bytes / BENCH_PAGE;
		if (madvise((void *)p, bytes, MADV_DONTNEED))
			fail("faults: cannot give the memory back");
	} while (now_ns() - start < end);
	dprintf(READY_FD, "%.1f\n", n * 1e9 / (now_ns() - start));
	return 0;
}
