// SPDX-License-Identifier: GPL-2.0
/*
 * Measures how fast programs take page faults and fork, outside of containers and
 * inside.
 *
 * A round goes through all states. It begins and ends without the module, so that each
 * rate can be compared with that without the module before and after it.
 */
#include <math.h>
#include <sys/wait.h>

#include "measure.h"

enum state {
	NONE,
	IDLE,
	ONE,
	MANY,
	INSIDE,
	NEAR
};

static const char *const states[] = {
	[NONE] = "no module",	 [IDLE] = "idle",     [ONE] = "1 container",
	[MANY] = "N containers", [INSIDE] = "inside", [NEAR] = "near the limit",
};

/* The memory that "faults" takes, and how far below its limit it stays in NEAR. */
#define FAULTS_BYTES (8 * MIB)
#define NEAR_BYTES   (512 * 1024UL)

static const char *const programs[] = { "faults", "forks" };

static const struct config *config;
static pid_t *sleepers;
static unsigned long registered; /* how many sleepers are containers */

static void register_up_to(unsigned long n)
{
	char name[32];

	for (; registered < n; registered++) {
		snprintf(name, sizeof(name), "sleeper%lu", registered);
		if (!module_register(name, sleepers[registered], 0))
			fail("measure: a sleeper is dead");
	}
}

static void unregister_all(void)
{
	char name[32];

	while (registered) {
		snprintf(name, sizeof(name), "sleeper%lu", --registered);
		module_unregister(name);
	}
}

static void enter(enum state state)
{
	if (state == NONE)
		module_unload();
	else if (state == IDLE)
		module_load(config->module);
	else if (state == ONE)
		register_up_to(1);
	else if (state == MANY)
		register_up_to(config->containers);
	else
		unregister_all();
}

/* The program gets a pid namespace of its own in every state. */
static double rate(enum state state, const char *program)
{
	char ms[24];
	char *argv[] = { (char *)program, ms, NULL };
	struct workload w;
	struct memory memory;
	uint64_t limit = 1ULL << 40;
	double answer;

	snprintf(ms, sizeof(ms), "%lu", config->ms);
	workload_start(&w, argv, 1, -1);
	if (state == NEAR) {
		workload_memory(&w, &memory);
		limit = memory.rss + FAULTS_BYTES + NEAR_BYTES;
	}
	if (state >= INSIDE && !module_register("inside", w.pid, limit))
		fail("measure: %s is dead", program);
	workload_go(&w);
	answer = workload_answer(&w);
	if (workload_reap(&w) || isnan(answer)) {
		fprintf(stderr, "measure: %s, %s: the program was killed\n",
			states[state], program);
		exit(1);
	}
	return answer;
}

static void take(enum state state, unsigned long round)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		say("rate\t%s\t%s\t%lu\t%.1f\n", programs[i], states[state],
		    round, rate(state, programs[i]));
}

void measure_rates(const struct config *c)
{
	config = c;
	record_make();
	say("info\trates\tcontainers\t%lu\n", config->containers);
	sleepers = start_sleepers(config->containers);
	for (unsigned long round = 1; round <= config->count; round++) {
		for (enum state state = NONE; state <= NEAR; state++) {
			enter(state);
			take(state, round);
		}
		fprintf(stderr, "# rates: round %lu of %lu\n", round,
			config->count);
	}
	enter(NONE);
	take(NONE, config->count + 1);
}
