// SPDX-License-Identifier: GPL-2.0
/*
 * lie_pid PID COMMAND [ARGUMENT...]
 *
 * Runs COMMAND as a child with the PID given, which must be free, and ends with it. Exits
 * with status 3 if this kernel lets no program choose a PID.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define CANNOT 3

static const char usage[] = "lie_pid PID COMMAND [ARGUMENT...]";

int main(int argc, char **argv)
{
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid_size = 1 };
	pid_t wanted, pid;

	if (argc < 3)
		bad_usage(usage);
	wanted = number(usage, "PID", argv[1], 1, 1 << 22);
	args.set_tid = (uintptr_t)&wanted;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0 && (errno == EPERM || errno == ENOSYS || errno == E2BIG))
		return CANNOT;
	if (pid < 0)
		fail("lie_pid: cannot start a process with PID %d", wanted);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (waitpid(pid, NULL, 0) != pid)
		fail("lie_pid: cannot wait");
	return 0;
}
