/* SPDX-License-Identifier: GPL-2.0 */
/* Idle child processes that a test can register, signal or move. */
#ifndef SELFTESTS_PROCESS_H
#define SELFTESTS_PROCESS_H

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

/** idle() - sleep until a signal kills the process, or its parent thread ends */
static inline void __attribute__((noreturn)) idle(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/** start_process() - start an idle child; @flags: CLONE_NEW* for clone() */
static inline pid_t start_process(unsigned long flags)
{
	pid_t pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid < 0)
		fail("cannot start a process");
	if (!pid)
		idle();
	return pid;
}

/** end_process() - kill and reap the child */
static inline void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

#endif /* SELFTESTS_PROCESS_H */
