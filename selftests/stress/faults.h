/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests of failing allocations share: making one fail, the kernel's
 * counters, a process to work on.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <fcntl.h>
#include <stdbool.h>
#include <sched.h>

#include "libpurser/purser.h"
#include "process.h"

/* Of this thread; it stays open, since opening it would allocate. */
static inline int fail_nth_file(void)
{
	static pid_t owner;
	static int fd = -1;

	if (owner != getpid()) {
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		owner = getpid();
	}
	if (fd < 0)
		fail("cannot open /proc/thread-self/fail-nth");
	return fd;
}

/** arm() - let the @n-th allocation from now on fail, of this thread's */
static inline void arm(unsigned int n)
{
	int fd = fail_nth_file();
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, len, 0) != len)
		fail("cannot write %u to fail-nth", n);
}

/** armed_for() - which allocation from now on will fail; 0: none */
static inline unsigned int armed_for(void)
{
	char text[16] = "";

	if (pread(fail_nth_file(), text, sizeof(text) - 1, 0) <= 0)
		fail("cannot read fail-nth");
	return strtoul(text, NULL, 10);
}

/** disarm() - let none fail any more; returns whether one has */
static inline bool disarm(void)
{
	bool failed = armed_for() == 0;

	arm(0);
	return failed;
}

/* struct counts - what a command may change, or by how much it does */
struct counts {
	long live;
	long ended;
	long members;
	long events;
	long refs; /* the module's use count */
};

static inline long module_refs(void)
{
	FILE *file = fopen("/sys/module/purser/refcnt", "re");
	long n;

	if (!file || fscanf(file, "%ld", &n) != 1)
		fail("cannot read the module's use count");
	fclose(file);
	return n;
}

static inline struct counts count(struct purser *purser)
{
	struct purser_info info;
	struct counts counts;

	if (purser_get_info(purser, &info))
		fail("no counters: %s", purser_last_error(purser));
	counts = (struct counts){
		.live = info.live,
		.ended = info.ended,
		.members = info.members,
		.events = info.events,
		.refs = module_refs(),
	};
	purser_info_free(&info);
	return counts;
}

static inline bool same_counts(const struct counts *a, const struct counts *b)
{
	return a->live == b->live && a->ended == b->ended &&
	       a->members == b->members && a->events == b->events &&
	       a->refs == b->refs;
}

static inline struct counts sum_counts(const struct counts *a,
				       const struct counts *b)
{
	return (struct counts){
		.live = a->live + b->live,
		.ended = a->ended + b->ended,
		.members = a->members + b->members,
		.events = a->events + b->events,
		.refs = a->refs + b->refs,
	};
}

/**
 * become() - wait until the counters are @want, for at most ten seconds
 * Who is killed needs a moment to die, and a work item to be retired.
 */
static inline bool become(struct purser *purser, const struct counts *want,
			  struct counts *got)
{
	unsigned int tries = 0;

	while (*got = count(purser), !same_counts(got, want)) {
		if (tries++ == 10000)
			return false;
		sleep_for(1);
	}
	return true;
}

static inline void catch_signal(int sig)
{
	(void)sig;
}

/** start_handling() - a process that has a handler for SIGUSR1 and does nothing */
static inline pid_t start_handling(bool own_namespace)
{
	/* Set here: then the child has it from its beginning. */
	signal(SIGUSR1, catch_signal);
	return start_process(own_namespace ? CLONE_NEWPID : 0);
}

#endif /* FAULTS_H */
