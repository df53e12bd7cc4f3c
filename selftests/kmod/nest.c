// SPDX-License-Identifier: GPL-2.0
/*
 * nest LEVELS
 *
 * Makes LEVELS pid namespaces below its own, each in the one before and with one
 * process. Prints "ready" when the last one exists. All processes die with the first.
 */
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] = "nest LEVELS";

int main(int argc, char **argv)
{
	unsigned long level, levels;
	int last[2];
	pid_t pid;
	char byte;

	if (argc != 2)
		bad_usage(usage);
	levels = number(usage, "LEVELS", argv[1], 1, 64);
	if (pipe(last))
		fail("nest: cannot make a pipe");
	for (level = 1; level <= levels; level++) {
		pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL,
			      NULL, NULL);
		if (pid < 0)
			fail("nest: cannot make level %lu", level);
		if (pid)
			break; /* the child goes deeper */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	close(last[level > levels ? 0 : 1]);
	if (level > levels && write(last[1], "", 1) != 1)
		fail("nest: the last level cannot tell");
	if (level == 1) {
		if (read(last[0], &byte, 1) != 1)
			fail("nest: there is no last level");
		say("ready\n");
	}
	for (;;)
		pause();
}
