// SPDX-License-Identifier: GPL-2.0
/*
 * delays CGROUP COUNT ROUNDS	measure; CGROUP is the path of a cgroup to be made
 * delays watch FILE		the inotify watcher of a memory.events
 *
 * Measures how long it takes from a moment in the kernel until a listener's line can be
 * read from a pipe. The module must be loaded. The output is lines of fields between tabs,
 * for events.awk:
 *
 *	delay SIDE SCENARIO ROUND NS
 *	rate SIDE SCENARIO COUNT EVENTS-A-SECOND
 *
 * The scenario "10000/s" makes COUNT events; the others make less.
 */
#include "delays.h"

#define USAGE "delays CGROUP COUNT ROUNDS | delays watch FILE"

struct purser *purser;

void refused(const char *what)
{
	fprintf(stderr, "delays: %s: %s\n", what, purser_last_error(purser));
	exit(1);
}

void start_monitor(struct listener *l)
{
	static char *const argv[] = { "purserctl",  "monitor", "--json",
				      "--ready-fd", "9",       NULL };

	listener_start(l, argv, 9);
}

/** event_number() - the first number with that key in the JSON of an event */
uint64_t event_number(const struct line *line, const char *key)
{
	char words[32];
	const char *at;

	snprintf(words, sizeof(words), "\"%s\":", key);
	at = strstr(line->text, words);
	if (!at) {
		fprintf(stderr, "delays: no %s in '%s'\n", key, line->text);
		exit(1);
	}
	return strtoull(at + strlen(words), NULL, 10);
}

void enter(const char *name, pid_t pid)
{
	const struct purser_registration reg = {
		.name = name,
		.pid = pid,
	};
	uint64_t id;

	if (purser_register(purser, &reg, &id))
		refused("register");
}

void leave(const char *name)
{
	if (purser_unregister(purser, &(struct purser_ref){ .name = name }))
		refused("unregister");
}

int main(int argc, char **argv)
{
	unsigned long count, rounds;

	if (argc == 3 && !strcmp(argv[1], "watch"))
		watch_high(argv[2]);
	if (argc != 4)
		bad_usage(USAGE);
	count = number(USAGE, "COUNT", argv[2], 1, 1000000);
	rounds = number(USAGE, "ROUNDS", argv[3], 1, 1000);
	if (purser_open(&purser)) {
		fprintf(stderr, "delays: %s\n", purser_last_error(NULL));
		return 1;
	}
	measure_rate("idle", 20, rounds * 5);
	measure_rate("100/s", 100, count / 50 ?: 1);
	measure_rate("1000/s", 1000, count / 5 ?: 1);
	measure_rate("10000/s", 10000, count);
	/* Round 0 is not printed: it fills caches. */
	for (unsigned long round = 0; round <= rounds; round++) {
		measure_soft(round);
		measure_high(argv[1], round);
		measure_exit(round);
	}
	purser_close(purser);
	return 0;
}
