// SPDX-License-Identifier: GPL-2.0
/* A process that does nothing but be in a cgroup, see holder.h. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holder.h"

/* The handlers of the caller's signals must not run in the child. */
static void __attribute__((noreturn)) hold(pid_t parent)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(0, ~0u, 0);
	if (getppid() != parent)
		_exit(0);
	for (;;)
		pause();
}

pid_t holder_start(void)
{
	const pid_t parent = getpid();
	pid_t pid = fork();

	if (!pid)
		hold(parent);
	return pid < 0 ? -errno : pid;
}

void holder_end(pid_t pid)
{
	if (!pid)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}
