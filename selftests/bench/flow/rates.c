// SPDX-License-Identifier: GPL-2.0
/* Measures how fast lines get into files, and the CPU time and memory that it takes. */
#include <inttypes.h>

#include "flow.h"

/** struct scenario - the number of writers, and the bytes of each write() */
struct scenario {
	const char *name;
	unsigned int writers;
	const char *bytes;
};

static const struct scenario scenarios[] = {
	{ "1 writer", 1, "4096" },
	{ "16 writers", 16, "4096" },
	{ "1 writer, by line", 1, "100" },
	{ "16 writers, by line", 16, "100" },
};

#define N_SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))

static void check_files(const struct stage *s, uint64_t lines)
{
	char path[160];

	for (unsigned int i = 0; i < s->n; i++) {
		stage_file(s, i, path, sizeof(path));
		content_check(path,
			      s->side == SIDE_CONMON || s->side == SIDE_CRI, i,
			      lines);
	}
}

static void take_sample(const struct config *config, const struct scenario *c,
			enum side side, unsigned long round)
{
	uint64_t lines = config->mib * MIB / LINE_BYTES / c->writers, took;
	char program[4096], count[32], numbers[WRITERS_MAX][16];
	char *words[WRITERS_MAX][6];
	char *const *commands[WRITERS_MAX];
	struct usage usage = { 0 };
	struct stage stage;

	stage_make(&stage, config, side, false);
	program_path(program, sizeof(program), "lines");
	snprintf(count, sizeof(count), "%" PRIu64, lines);
	for (unsigned int i = 0; i < c->writers; i++) {
		char *command[] = { program, stage.dir,	       numbers[i],
				    count,   (char *)c->bytes, NULL };

		snprintf(numbers[i], sizeof(numbers[i]), "%u", i);
		memcpy(words[i], command, sizeof(command));
		commands[i] = words[i];
	}
	stage_set(&stage, commands, c->writers);
	took = now_ns();
	stage_go(&stage);
	stage_end(&stage, &usage);
	took = now_ns() - took;
	check_files(&stage, lines);
	stage_remove(&stage);
	say("rate\t%s\t%s\t%lu\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
	    "\n",
	    c->name, side_names[side], round, lines * c->writers * LINE_BYTES,
	    took, usage.cpu_ns, usage.rss_kib);
}

void flow_rates(const struct config *config)
{
	say("info\trates\twritten for a sample, MiB\t%lu\n"
	    "info\trates\tlog buffer, KiB\t%lu\n",
	    config->mib, config->buffer / 1024);
	/* Each round begins with another side. */
	for (unsigned long r = 1; r <= config->count; r++)
		for (size_t i = 0; i < N_SCENARIOS; i++)
			for (unsigned int k = 0; k < N_SIDES; k++)
				take_sample(config, &scenarios[i],
					    (r - 1 + k) % N_SIDES, r);
}
