// SPDX-License-Identifier: GPL-2.0
/* Events at many rates: from the kernel's time in the event to the listener's line. */
#include <inttypes.h>

#include "delays.h"

#define NAME "bench-events"

/** wait_until() - sleep until that time; do not sleep if it is over */
static void wait_until(int64_t at)
{
	const struct timespec t = { .tv_sec = at / NSEC_PER_SEC,
				    .tv_nsec = at % NSEC_PER_SEC };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	       EINTR)
		;
}

/*
 * Make @count events, one each 1/@rate of a second, by changing the limit of a container.
 * If the machine is too slow for that, the events follow each other at once.
 */
static void __attribute__((noreturn))
make_events(unsigned long rate, unsigned long count)
{
	const struct purser_ref ref = { .name = NAME };
	int64_t begin;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (purser_open(&purser))
		refused("open");
	begin = clock_ns(CLOCK_MONOTONIC);
	for (unsigned long i = 0; i < count; i++) {
		const uint64_t limit = (1ull << 40) + i;
		const struct purser_limits limits = { .hard_limit = &limit };

		wait_until(begin + (int64_t)(i * (NSEC_PER_SEC / rate)));
		if (purser_set(purser, &ref, &limits))
			refused("set");
	}
	_exit(0);
}

static pid_t start_events(unsigned long rate, unsigned long count)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("delays: fork");
	if (!pid)
		make_events(rate, count);
	return pid;
}

static void must_follow(uint64_t *last, uint64_t seq)
{
	if (seq != *last + 1) {
		fprintf(stderr,
			"delays: event %" PRIu64 " follows event %" PRIu64 "\n",
			seq, *last);
		exit(1);
	}
	*last = seq;
}

/**
 * measure_rate() - make events at a rate, and print the delay of each
 * @name: of this rate, for the output
 *
 * Each event must come once and in order, or the program fails.
 */
void measure_rate(const char *name, unsigned long rate, unsigned long count)
{
	uint64_t first = 0, last, time = 0;
	int64_t *delays = calloc(count, sizeof(*delays));
	struct listener monitor;
	pid_t process, maker;

	if (!delays)
		fail("delays");
	process = start_process(0);
	enter(NAME, process);
	start_monitor(&monitor);
	if (purser_last_event(purser, &last))
		refused("the last event");
	maker = start_events(rate, count);
	for (unsigned long i = 0; i < count; i++) {
		struct line line;

		listener_read(&monitor, &line);
		must_follow(&last, event_number(&line, "seq"));
		time = event_number(&line, "time");
		if (!i)
			first = time;
		delays[i] = line.time - (int64_t)time;
	}
	if (waitpid(maker, NULL, 0) != maker)
		fail("delays: waitpid");
	listener_end(&monitor);
	leave(NAME);
	end_process(process);
	for (unsigned long i = 0; i < count; i++)
		say("delay\tpurser\t%s\t%lu\t%" PRId64 "\n", name, i + 1,
		    delays[i]);
	say("rate\tpurser\t%s\t%lu\t%.17g\n", name, count,
	    count > 1 ? (double)(count - 1) * 1e9 / (double)(time - first) : 0);
	free(delays);
}
