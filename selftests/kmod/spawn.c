// SPDX-License-Identifier: GPL-2.0
/*
 * spawn [--pidns | --join PID] [--hold] [--sibling] [--count N] [--] [COMMAND [ARGUMENT...]]
 *
 * Starts N children, by default one. Prints a line with the PID of each and, when it
 * ends, a line "PID exited CODE" or "PID killed SIGNAL", as wait() reports. With --pidns
 * each child is the first process of a new pid namespace, with --join it is in the pid
 * namespace of the process PID. A child executes COMMAND; with --hold it waits for SIGUSR1
 * first. Without COMMAND it never calls execve() and sleeps until a signal kills it. With
 * --sibling each child first starts a process that is a child of spawn (CLONE_PARENT) and
 * sleeps until a signal kills it.
 *
 * spawn exits after its last child. Its children die with it.
 */
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <sched.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] =
	"spawn [--pidns | --join PID] [--hold] [--sibling] [--count N] [--] [COMMAND [ARGUMENT...]]";

static bool hold, sibling;

static void wait_for_usr1(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void join(pid_t pid)
{
	int fd = pidfd_open(pid, 0);

	if (fd < 0 || setns(fd, CLONE_NEWPID))
		fail("spawn: cannot join the pid namespace of %d", pid);
	close(fd);
}

static void start_sibling(void)
{
	pid_t pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL,
			    NULL);

	if (pid < 0)
		_exit(126);
	if (!pid)
		for (;;)
			pause();
}

static void __attribute__((noreturn))
child(const int go[2], pid_t parent, char **command)
{
	char unused;

	/* Wait until the parent has printed our PID. */
	close(go[1]);
	if (read(go[0], &unused, 1))
		_exit(126);
	close(go[0]);
	/* getppid() is 0 if the parent is in another pid namespace. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) ||
	    (getppid() && getppid() != parent))
		_exit(126);
	if (sibling)
		start_sibling();
	if (hold)
		wait_for_usr1();
	if (!*command)
		for (;;)
			pause();
	execvp(*command, command);
	_exit(errno == ENOENT ? 127 : 126);
}

static void block_usr1(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		fail("spawn: cannot block a signal");
}

static void report_ends(void)
{
	int status;
	pid_t pid;

	while ((pid = wait(&status)) > 0) {
		if (WIFSIGNALED(status))
			say("%d killed %d\n", pid, WTERMSIG(status));
		else
			say("%d exited %d\n", pid, WEXITSTATUS(status));
	}
	if (errno != ECHILD)
		fail("spawn: cannot wait");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "pidns", no_argument, NULL, 'p' },
		{ "join", required_argument, NULL, 'j' },
		{ "hold", no_argument, NULL, 'h' },
		{ "sibling", no_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long count = 1, i, flags = SIGCHLD;
	pid_t parent = getpid(), pid;
	int c, go[2];

	while ((c = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (c == 'p')
			flags |= CLONE_NEWPID;
		else if (c == 'j')
			join(number(usage, "PID", optarg, 1, INT_MAX));
		else if (c == 's')
			sibling = true;
		else if (c == 'h')
			hold = true;
		else if (c == 'c')
			count = number(usage, "N", optarg, 1, 100000);
		else
			bad_usage(usage);
	}
	if (hold)
		block_usr1();
	if (pipe(go))
		fail("spawn: cannot make a pipe");
	for (i = 0; i < count; i++) {
		pid = syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
		if (pid < 0)
			fail("spawn: cannot start child %lu", i);
		if (!pid)
			child(go, parent, argv + optind);
		if (printf("%d\n", pid) < 0 || fflush(stdout))
			fail("spawn: cannot write to standard output");
	}
	close(go[1]);
	report_ends();
	return 0;
}
