/* SPDX-License-Identifier: GPL-2.0 */
/* A process to work on. */
#ifndef SELFTESTS_PROCESS_H
#define SELFTESTS_PROCESS_H

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

/** idle() - do nothing; end with the thread that has started this process */
static inline void __attribute__((noreturn)) idle(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/** start_process() - one that does nothing; @flags: of clone(), CLONE_NEW* */
static inline pid_t start_process(unsigned long flags)
{
	pid_t pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid < 0)
		fail("cannot start a process");
	if (!pid)
		idle();
	return pid;
}

/** end_process() - kill and reap it */
static inline void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

#endif /* SELFTESTS_PROCESS_H */
