// SPDX-License-Identifier: GPL-2.0
/*
 * cpu_hog [seconds] - keep one CPU busy, for 10 seconds where nothing is said.
 *
 * Prints each second how much work was done; compare two of them to see how the
 * scheduler shared a CPU between them.
 */
#include <stdint.h>
#include <time.h>

#include "workload.h"

static const char usage[] = "cpu_hog [seconds]";

static uint64_t now_ns(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		fail("cpu_hog: cannot read the clock");
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* One unit of work: about a millisecond on a present-day CPU. */
static uint64_t work(uint64_t x)
{
	for (int i = 0; i < 1000000; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	return x;
}

int main(int argc, char **argv)
{
	unsigned long seconds = 10, passed = 0;
	uint64_t start = now_ns(), units = 0, x = 1;

	if (argc > 2)
		bad_usage(usage);
	if (argc > 1)
		seconds = number(usage, "seconds", argv[1], 1, 86400);

	while (passed < seconds) {
		uint64_t elapsed;

		x = work(x);
		units++;
		elapsed = (now_ns() - start) / 1000000000;
		if (elapsed == passed)
			continue;
		passed = elapsed;
		say("cpu_hog: %lu s, %ju units\n", passed, (uintmax_t)units);
	}
	/* Printing x keeps the compiler from dropping the work. */
	say("cpu_hog: done: %ju units in %lu s (%jx)\n", (uintmax_t)units,
	    passed, (uintmax_t)x);
	return 0;
}
