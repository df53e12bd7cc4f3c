// SPDX-License-Identifier: GPL-2.0
/*
 * runaway N
 *
 * Starts N chains of processes, in which each process starts the next one and exits at
 * once. Prints "ready" and sleeps. A chain ends only if a process of it is killed.
 */
#include <signal.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] = "runaway N";

static void __attribute__((noreturn)) run(void)
{
	pid_t pid;

	for (;;) {
		pid = fork();
		if (pid > 0)
			_exit(0);
		if (pid < 0)
			usleep(1000);
	}
}

int main(int argc, char **argv)
{
	unsigned long n;
	pid_t pid;

	if (argc != 2)
		bad_usage(usage);
	/* The kernel reaps the first process of each chain. */
	signal(SIGCHLD, SIG_IGN);
	for (n = number(usage, "N", argv[1], 1, 1000); n; n--) {
		pid = fork();
		if (pid < 0)
			fail("runaway: cannot fork");
		if (!pid)
			run();
	}
	say("ready\n");
	for (;;)
		pause();
}
