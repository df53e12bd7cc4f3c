// SPDX-License-Identifier: GPL-2.0
/*
 * spend MS
 *
 * Uses CPU time in threads that end: MS milliseconds in each of two threads of its own
 * and of two threads of a child, which it reaps. Prints "spent MICROSECONDS", the sum
 * that wait4() and getrusage() return, and sleeps until a signal kills it.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] = "spend MS";
static unsigned long ms;

static void *burn(void *unused)
{
	struct timespec used;

	(void)unused;
	do {
		if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used))
			fail("spend: cannot read the clock");
	} while (used.tv_sec * 1000UL + used.tv_nsec / 1000000 < ms);
	return NULL;
}

static void burn_in_threads(void)
{
	pthread_t threads[2];
	int i;

	for (i = 0; i < 2; i++) {
		errno = pthread_create(&threads[i], NULL, burn, NULL);
		if (errno)
			fail("spend: cannot start a thread");
	}
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static unsigned long long microseconds(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000ULL +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage own, childs;
	pid_t pid;

	if (argc != 2)
		bad_usage(usage);
	ms = number(usage, "MS", argv[1], 1, 60000);
	pid = fork();
	if (pid < 0)
		fail("spend: cannot fork");
	if (!pid) {
		burn_in_threads();
		_exit(0);
	}
	if (wait4(pid, NULL, 0, &childs) != pid)
		fail("spend: cannot wait");
	burn_in_threads();
	if (getrusage(RUSAGE_SELF, &own))
		fail("spend: getrusage() failed");
	say("spent %llu\n", microseconds(&own) + microseconds(&childs));
	for (;;)
		pause();
}
