// SPDX-License-Identifier: GPL-2.0
/*
 * hold_exit PID
 *
 * Traces a process and holds it in its exit stop. Prints "ready", then "held" when the
 * process has begun to exit, and lets it go on at the end of standard input. A process
 * that is held has got its last signal, but the module has not seen its exit.
 */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] = "hold_exit PID";

/* Passes signals on to the process. */
static void wait_for_exit(pid_t pid)
{
	int status, sig;

	for (;;) {
		if (waitpid(pid, &status, __WALL) != pid)
			fail("hold_exit: cannot wait for %d", pid);
		if (!WIFSTOPPED(status)) {
			fprintf(stderr, "hold_exit: %d was not held\n", pid);
			exit(1);
		}
		if (status >> 16 == PTRACE_EVENT_EXIT)
			return;
		sig = status >> 16 ? 0 : WSTOPSIG(status);
		if (ptrace(PTRACE_CONT, pid, NULL, sig))
			fail("hold_exit: cannot go on");
	}
}

int main(int argc, char **argv)
{
	char unused[256];
	pid_t pid;

	if (argc != 2)
		bad_usage(usage);
	pid = number(usage, "PID", argv[1], 1, 1 << 22);
	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXIT))
		fail("hold_exit: cannot trace %d", pid);
	say("ready\n");
	wait_for_exit(pid);
	say("held\n");
	while (read(STDIN_FILENO, unused, sizeof(unused)) > 0)
		;
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL))
		fail("hold_exit: cannot let %d go", pid);
	return 0;
}
