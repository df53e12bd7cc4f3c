// SPDX-License-Identifier: GPL-2.0
/*
 * io_pulse [--gate] [--latency] [iterations] [sleep_ms] - write a line to a small
 * file, fsync() it, sleep, and repeat; by default 20 times with 200 ms of sleep.
 *
 *   --gate       print "at the gate", and begin when SIGUSR1 arrives
 *   --latency    print nothing while it runs, and at the end a histogram of how late
 *                the sleeps ended: a line for each latency in us that occurred
 *
 * The file is an unlinked one in $TMPDIR or /tmp, so it leaves nothing behind.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <unistd.h>

#include "gate.h"
#include "workload.h"

static const char usage[] =
	"io_pulse [--gate] [--latency] [iterations] [sleep_ms]";

static const struct option options[] = {
	{ "gate", no_argument, NULL, 'g' },
	{ "latency", no_argument, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

static int temporary_file(void)
{
	const char *dir = getenv("TMPDIR");
	char *path;
	int fd;

	if (asprintf(&path, "%s/io_pulse.XXXXXX", dir ? dir : "/tmp") < 0)
		fail("io_pulse: cannot build a path");
	fd = mkostemp(path, O_APPEND | O_CLOEXEC);
	if (fd < 0 || unlink(path))
		fail("io_pulse: cannot make the file %s", path);
	free(path);
	return fd;
}

/* Returns the number of bytes written. */
static int pulse(int fd, unsigned long i)
{
	int len = dprintf(fd, "pulse %lu\n", i);

	if (len < 0)
		fail("io_pulse: cannot write pulse %lu", i);
	if (fsync(fd))
		fail("io_pulse: cannot sync pulse %lu", i);
	return len;
}

/* Sleeps until CLOCK_MONOTONIC is @ns. Returns how many us later it woke up. */
static uint64_t sleep_until(uint64_t ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(ns / 1000000000),
		.tv_nsec = (long)(ns % 1000000000),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
	return (now_ns() - ns) / 1000;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print_histogram(uint64_t *us, unsigned long n)
{
	unsigned long i, same;

	qsort(us, n, sizeof(*us), by_size);
	for (i = 0; i < n; i += same) {
		for (same = 1; i + same < n && us[i + same] == us[i]; same++)
			;
		say("io_pulse: woken after %ju us: %lu\n", (uintmax_t)us[i],
		    same);
	}
	say("io_pulse: wake-ups: %lu, median %ju us, p90 %ju us, p99 %ju us, "
	    "largest %ju us\n",
	    n, (uintmax_t)us[(n - 1) / 2], (uintmax_t)us[(n - 1) * 90 / 100],
	    (uintmax_t)us[(n - 1) * 99 / 100], (uintmax_t)us[n - 1]);
}

static void pulse_silently(int fd, unsigned long iterations,
			   unsigned long sleep_ms)
{
	uint64_t *us = calloc(iterations, sizeof(*us));

	if (!us)
		fail("io_pulse: no memory for %lu wake-ups", iterations);
	for (unsigned long i = 1; i <= iterations; i++) {
		pulse(fd, i);
		us[i - 1] = sleep_until(now_ns() + sleep_ms * 1000000);
	}
	print_histogram(us, iterations);
	free(us);
}

static void pulse_aloud(int fd, unsigned long iterations,
			unsigned long sleep_ms)
{
	for (unsigned long i = 1; i <= iterations; i++) {
		int len = pulse(fd, i);

		say("io_pulse: %lu of %lu, %d bytes synced\n", i, iterations,
		    len);
		sleep_for(sleep_ms);
	}
}

int main(int argc, char **argv)
{
	unsigned long iterations = 20, sleep_ms = 200;
	bool gate = false, latency = false;
	int option, fd;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (option == 'g')
			gate = true;
		else if (option == 'l')
			latency = true;
		else
			bad_usage(usage);
	}
	argv += optind;
	argc -= optind;
	if (argc > 2)
		bad_usage(usage);
	if (argc > 0)
		iterations = number(usage, "iterations", argv[0], 1,
				    1000000000);
	if (argc > 1)
		sleep_ms = number(usage, "sleep_ms", argv[1], 0, 86400000);

	fd = temporary_file();
	if (gate)
		wait_at_gate("io_pulse");
	if (latency)
		pulse_silently(fd, iterations, sleep_ms);
	else
		pulse_aloud(fd, iterations, sleep_ms);
	say("io_pulse: done: %lu pulses\n", iterations);
	return 0;
}
