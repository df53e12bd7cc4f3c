// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a start of a container takes: clone3() with the namespaces, pivot_root(),
 * /proc, execve(), and waiting. Nothing of it protects anybody.
 */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define USAGE "floor ROOT COMMAND [ARGUMENT...]"

static void __attribute__((noreturn)) run(char **argv)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(argv[1], argv[1], NULL, MS_BIND, NULL) || chdir(argv[1]) ||
	    syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV,
		  NULL))
		fail("floor: %s", argv[1]);
	execv(argv[2], argv + 2);
	fail("floor: %s", argv[2]);
}

int main(int argc, char **argv)
{
	struct clone_args args = {
		.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS |
			 CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP,
		.exit_signal = SIGCHLD,
	};
	int status;
	long pid;

	if (argc < 3)
		bad_usage(USAGE);
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (!pid)
		run(argv);
	if (pid < 0 || waitpid((pid_t)pid, &status, 0) != pid)
		fail("floor: clone3");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
