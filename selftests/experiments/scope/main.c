// SPDX-License-Identifier: GPL-2.0
/*
 * scope [--interval MS] [--live] LABEL CONTAINER...
 *
 *   --interval MS   take a sample every MS milliseconds (default: 200)
 *   --live          print lines for the live view to stderr
 *
 * Opens the gate of the workload in each container by SIGUSR1, and prints lines of CSV
 * until all containers have ended: a "start" for each before its gate is opened, a
 * "sample" for each that lives at each tick, and an "exit" for each. The time and the
 * CPU time of an "exit" come from the kernel's table, the other figures from the last
 * sample. Needs CAP_NET_ADMIN.
 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "scope.h"

static const char usage[] = "scope [--interval MS] [--live] LABEL CONTAINER...";

static const struct option options[] = {
	{ "interval", required_argument, NULL, 'i' },
	{ "live", no_argument, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

static uint64_t boot_ns(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_BOOTTIME, &ts))
		fail("scope: cannot read the clock");
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int start_ticks(unsigned long ms)
{
	struct timespec every = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000 * 1000000),
	};
	struct itimerspec ticks = { .it_interval = every, .it_value = every };
	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);

	if (fd < 0 || timerfd_settime(fd, 0, &ticks, NULL))
		fail("scope: cannot make a timer");
	return fd;
}

static void open_gates(struct scope *s)
{
	table_read(s);
	for (size_t i = 0; i < s->n; i++) {
		proc_read(s->subjects[i].pid, &s->subjects[i].now);
		s->subjects[i].shown_cpu = s->subjects[i].now.cpu;
	}
	s->start = s->shown_at = boot_ns();
	for (size_t i = 0; i < s->n; i++) {
		print_usage(s, &s->subjects[i], "start", s->start);
		if (kill(s->subjects[i].pid, SIGUSR1))
			fail("scope: cannot open the gate of %s",
			     s->subjects[i].name);
	}
}

/* take_sample() - read all figures; print samples if @tick, and exits that are new */
static void take_sample(struct scope *s, bool tick)
{
	uint64_t now = boot_ns();

	for (size_t i = 0; i < s->n; i++) {
		struct subject *subject = &s->subjects[i];

		if (!subject->ended)
			proc_read(subject->pid, &subject->now);
	}
	table_read(s);
	for (size_t i = 0; i < s->n; i++) {
		struct subject *subject = &s->subjects[i];

		if (!subject->ended && tick)
			print_usage(s, subject, "sample", now);
		if (!subject->ended || subject->printed)
			continue;
		print_usage(s, subject, "exit", subject->ended_at);
		subject->printed = true;
	}
	if (tick)
		print_live(s, now);
}

static void watch(struct scope *s, int events, int ticks)
{
	struct pollfd fds[] = {
		{ .fd = events, .events = POLLIN },
		{ .fd = ticks, .events = POLLIN },
	};
	uint64_t passed;

	while (s->left) {
		bool tick;

		if (poll(fds, 2, -1) < 0)
			fail("scope: cannot wait");
		tick = fds[1].revents;
		if (fds[0].revents)
			table_drain(s);
		if (tick && read(ticks, &passed, sizeof(passed)) < 0)
			fail("scope: cannot read the timer");
		take_sample(s, tick);
	}
}

int main(int argc, char **argv)
{
	struct scope s = { 0 };
	unsigned long ms = 200;
	int option, events;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (option == 'i')
			ms = number(usage, "--interval", optarg, 1, 60000);
		else if (option == 'l')
			s.live = true;
		else
			bad_usage(usage);
	}
	if (argc - optind < 2)
		bad_usage(usage);
	s.label = argv[optind++];
	s.n = (size_t)(argc - optind);
	s.subjects = calloc(s.n, sizeof(*s.subjects));
	if (!s.subjects)
		fail("scope: out of memory");
	for (size_t i = 0; i < s.n; i++)
		s.subjects[i].name = argv[optind + (int)i];

	events = table_open(&s);
	table_find(&s);
	open_gates(&s);
	watch(&s, events, start_ticks(ms));
	if (fflush(stdout))
		fail("scope: cannot write to standard output");
	return 0;
}
