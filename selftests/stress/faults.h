/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for tests of failing allocations: making one fail, and the kernel's counters. */
#ifndef FAULTS_H
#define FAULTS_H

#include <fcntl.h>
#include <stdbool.h>
#include <sched.h>

#include "libpurser/purser.h"
#include "process.h"

/* Returns this thread's fail-nth file. It stays open, since open() would allocate. */
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

/** arm() - make the @n-th allocation of this thread from now on fail */
static inline void arm(unsigned int n)
{
	int fd = fail_nth_file();
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, len, 0) != len)
		fail("cannot write %u to fail-nth", n);
}

/** armed_for() - return which allocation from now on will fail; 0 for none */
static inline unsigned int armed_for(void)
{
	char text[16] = "";

	if (pread(fail_nth_file(), text, sizeof(text) - 1, 0) <= 0)
		fail("cannot read fail-nth");
	return strtoul(text, NULL, 10);
}

/** disarm() - make none fail any more; return whether one has failed */
static inline bool disarm(void)
{
	bool failed = armed_for() == 0;

	arm(0);
	return failed;
}

/* struct counts - the counters that a command may change, or the changes of them */
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
		fail("cannot get the counters: %s", purser_last_error(purser));
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
 * become() - wait at most ten seconds until the counters are @want
 * A killed process takes a moment to die, and a work item then retires its container.
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

/** start_handling() - start an idle process with a handler for SIGUSR1 */
static inline pid_t start_handling(bool own_namespace)
{
	/* Set before the fork, so that the child has the handler from its start. */
	signal(SIGUSR1, catch_signal);
	return start_process(own_namespace ? CLONE_NEWPID : 0);
}

#endif /* FAULTS_H */
