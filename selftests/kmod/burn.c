// SPDX-License-Identifier: GPL-2.0
/*
 * burn OWN CHILD
 *
 * Uses CPU time: CHILD milliseconds in a child, which then exits, and OWN milliseconds
 * itself. Prints "done" and sleeps until a signal kills it.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] = "burn OWN CHILD";

static void burn(unsigned long ms)
{
	struct timespec used;

	do {
		if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used))
			fail("burn: cannot read the clock");
	} while (used.tv_sec * 1000UL + used.tv_nsec / 1000000 < ms);
}

int main(int argc, char **argv)
{
	unsigned long own, child;
	pid_t pid;

	if (argc != 3)
		bad_usage(usage);
	own = number(usage, "OWN", argv[1], 0, 60000);
	child = number(usage, "CHILD", argv[2], 0, 60000);
	pid = fork();
	if (pid < 0)
		fail("burn: cannot fork");
	if (!pid) {
		burn(child);
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) != pid)
		fail("burn: cannot wait");
	burn(own);
	say("done\n");
	for (;;)
		pause();
}
