// SPDX-License-Identifier: GPL-2.0
/*
 * model [--seed N] [--steps N] [--live N] [--slow N] ACTOR
 *	Makes N steps. Each step does something to a container, at random, and
 *	computes what must come of it. The kernel's table, counters, events and
 *	event log must agree. ACTOR is the program that containers run. The module
 *	must be freshly loaded.
 *
 * The same seed makes the same steps. Exit status: 0 if the kernel agrees with the model,
 * 1 if not; the last lines of the output then say what differs.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model.h"
#include "../../workloads/workload.h"

static const char usage[] =
	"model [--seed N] [--steps N] [--live N] [--slow N] ACTOR";

#define PARAMETERS	     "/sys/module/purser/parameters/"
#define STEPS_TO_CHECK_POINT 200

unsigned long step;

static unsigned int read_parameter(const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned int n;

	if (!f || fscanf(f, "%u", &n) != 1)
		fail("model: cannot read %s", path);
	fclose(f);
	return n;
}

static void run(unsigned long steps)
{
	start_life();
	for (step = 1; step <= steps; step++) {
		life_step();
		if (step % STEPS_TO_CHECK_POINT == 0)
			check_point();
	}
	end_all();
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "steps", required_argument, NULL, 'n' },
		{ "live", required_argument, NULL, 'l' },
		{ "slow", required_argument, NULL, 'f' },
		{ 0 },
	};
	unsigned long seed = time(NULL), steps = 1000, slow = 1;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 's')
			seed = number(usage, "N", optarg, 0, ~0UL);
		else if (option == 'n')
			steps = number(usage, "N", optarg, 1, 1000000000);
		else if (option == 'l')
			max_live = number(usage, "N", optarg, 1, 10000);
		else if (option == 'f')
			slow = number(usage, "N", optarg, 1, 1000);
		else
			bad_usage(usage);
	}
	if (optind != argc - 1)
		bad_usage(usage);
	say("seed %lu, %lu steps\n", seed, steps);
	seed_random(seed);
	exit_records = read_parameter(PARAMETERS "exit_records");
	start_processes(argv[optind]);
	start_watching(slow, read_parameter(PARAMETERS "event_log"));
	run(steps);
	end_processes();
	say("%zu containers, %llu events, sequence %llx\n", n_books,
	    (unsigned long long)n_events, (unsigned long long)random_digest());
	return 0;
}
