// SPDX-License-Identifier: GPL-2.0
/*
 * Whether containers can have user namespaces here. A process tries what a container does
 * in one: the kernel permits a new proc or sysfs only where the caller sees all of its own.
 * In a container of another runtime, that may not be so.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "child.h"
#include "launch.h"
#include "raw.h"

/* Exit codes of the process. */
enum {
	CAN_MOUNT,
	NO_PROC,
	NO_SYSFS,
};

static bool can_make(const char *type)
{
	int tree = child_new_mount(type, NULL, 0, 0);

	raw_close(tree);
	return tree >= 0;
}

static int try_mounts(void)
{
	if (!can_make("proc"))
		return NO_PROC;
	return can_make("sysfs") ? CAN_MOUNT : NO_SYSFS;
}

static const char *why_no_namespace(long err)
{
	switch (err) {
	case -ENOSPC:
		return "the limit user.max_user_namespaces of the host is 0, or reached";
	case -EINVAL:
		return "the kernel has no user namespaces";
	default:
		return "the kernel permits no user namespace here";
	}
}

const char *launch_userns_lacks(void)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
			 CLONE_NEWNET | CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
	};
	long pid = raw(SYS_clone3, &args, sizeof(args));
	int status = 0;

	if (!pid)
		for (;;)
			raw(SYS_exit_group, try_mounts());
	if (pid < 0)
		return why_no_namespace(pid);
	while (waitpid((pid_t)pid, &status, 0) < 0 && errno == EINTR)
		;
	switch (WIFEXITED(status) ? WEXITSTATUS(status) : NO_PROC) {
	case CAN_MOUNT:
		return NULL;
	case NO_SYSFS:
		return "the kernel permits no sysfs in a user namespace here: does something cover a part of /sys?";
	default:
		return "the kernel permits no proc in a user namespace here: does something cover a part of /proc?";
	}
}
