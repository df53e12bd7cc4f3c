// SPDX-License-Identifier: GPL-2.0
/*
 * cpu_hog [--gate] [--units N] [seconds] - keep one CPU busy, for 10 seconds by
 * default.
 *
 *   --gate       print "at the gate", and begin when SIGUSR1 arrives
 *   --units N    do N units of work instead, however long that takes
 *
 * Without --units it prints each second how many units it has done. The numbers of two
 * cpu_hogs show how the scheduler shared a CPU between them.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "gate.h"
#include "workload.h"

static const char usage[] = "cpu_hog [--gate] [--units N] [seconds]";

static const struct option options[] = {
	{ "gate", no_argument, NULL, 'g' },
	{ "units", required_argument, NULL, 'u' },
	{ NULL, 0, NULL, 0 },
};

/* One unit of work: about a millisecond on a present-day CPU. */
static uint64_t work(uint64_t x)
{
	for (int i = 0; i < 1000000; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	return x;
}

static void hog_for(unsigned long seconds)
{
	uint64_t start = now_ns(), units = 0, x = 1;
	unsigned long passed = 0;

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
}

static void hog_through(unsigned long units)
{
	uint64_t start = now_ns(), x = 1, us;

	for (unsigned long i = 0; i < units; i++)
		x = work(x);
	us = (now_ns() - start) / 1000;
	say("cpu_hog: done: %lu units in %ju us (%jx)\n", units, (uintmax_t)us,
	    (uintmax_t)x);
}

int main(int argc, char **argv)
{
	unsigned long seconds = 10, units = 0;
	bool gate = false;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (option == 'g')
			gate = true;
		else if (option == 'u')
			units = number(usage, "--units", optarg, 1, 1000000000);
		else
			bad_usage(usage);
	}
	if (argc - optind > !units)
		bad_usage(usage);
	if (optind < argc)
		seconds = number(usage, "seconds", argv[optind], 1, 86400);

	if (gate)
		wait_at_gate("cpu_hog");
	if (units)
		hog_through(units);
	else
		hog_for(seconds);
	return 0;
}
