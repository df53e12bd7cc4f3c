// SPDX-License-Identifier: GPL-2.0
/* Tries to make namespaces, and to enter those of others. */
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "try.h"

static int leave(const struct attempt *t)
{
	return result(syscall(SYS_unshare, t->number));
}

static int take(long pid)
{
	int r = result(pid);

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, __WALL);
	return r;
}

static int by_clone(const struct attempt *t)
{
	return take(syscall(SYS_clone, t->number | SIGCHLD, NULL, NULL, NULL,
			    NULL));
}

static int by_clone3(const struct attempt *t)
{
	struct clone_args args = {
		.flags = (uint64_t)t->number,
		.exit_signal = SIGCHLD,
	};

	return take(syscall(SYS_clone3, &args, sizeof(args)));
}

static int enter(const struct attempt *t)
{
	int fd = open(t->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return result(setns(fd, (int)t->number));
}

/* Enter several namespaces of a process at once. */
static int enter_pidfd(const struct attempt *t)
{
	int fd = pidfd_open(getppid(), 0);

	return fd < 0 ? -errno : result(setns(fd, (int)t->number));
}

static int enter_victim(const struct attempt *t)
{
	int fd = open(proc_path(variable_pid("TRY_VICTIM"), t->path),
		      O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : result(setns(fd, 0));
}

/* Get the parent of a pid namespace. Without the protection, use a new one. */
static int parent_of(const struct attempt *t)
{
	int fd, r;
	pid_t pid = 0;

	(void)t;
	if (off)
		pid = (pid_t)syscall(SYS_clone, (long)CLONE_NEWPID | SIGCHLD,
				     NULL, NULL, NULL, NULL);
	if (off && !pid)
		for (;;)
			pause();
	fd = open(off ? proc_path(pid, "ns/pid") : "/proc/self/ns/pid",
		  O_RDONLY | O_CLOEXEC);
	r = fd < 0 ? -ENOTDIR : result(ioctl(fd, NS_GET_PARENT));
	if (off)
		kill(pid, SIGKILL);
	return r;
}

CALL(of_socket, ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCGSKNS))

#define SPACES(call, function, outcome)                                \
	TRY(call " of a user namespace", function, outcome,            \
	    .number = CLONE_NEWUSER, .only = FILTER),                  \
		TRY(call " of a mount namespace", function, outcome,   \
		    .number = CLONE_NEWNS),                            \
		TRY(call " of a pid namespace", function, outcome,     \
		    .number = CLONE_NEWPID),                           \
		TRY(call " of a uts namespace", function, outcome,     \
		    .number = CLONE_NEWUTS),                           \
		TRY(call " of an ipc namespace", function, outcome,    \
		    .number = CLONE_NEWIPC),                           \
		TRY(call " of a network namespace", function, outcome, \
		    .number = CLONE_NEWNET),                           \
		TRY(call " of a cgroup namespace", function, outcome,  \
		    .number = CLONE_NEWCGROUP)

const struct attempt namespaces_tries[] = {
	SPACES("unshare()", leave, "EPERM"),
	TRY("unshare() of a time namespace", leave, "EPERM", .lacks = "EINVAL",
	    .number = CLONE_NEWTIME),
	SPACES("clone()", by_clone, "EPERM"),
	TRY("clone3() of a user namespace", by_clone3, "ENOSYS",
	    .number = CLONE_NEWUSER, .only = FILTER),
	TRY("clone3() of a mount namespace", by_clone3, "ENOSYS",
	    .number = CLONE_NEWNS),
	TRY("setns() to the host's network", enter, "EPERM",
	    .path = "/proc/self/ns/net", .number = CLONE_NEWNET),
	TRY("setns() to a mount namespace", enter, "EPERM",
	    .path = "/proc/1/ns/mnt", .number = CLONE_NEWNS),
	TRY("setns() to a pid namespace", enter, "EPERM",
	    .path = "/proc/1/ns/pid", .number = CLONE_NEWPID),
	TRY("setns() to a cgroup namespace", enter, "EPERM",
	    .path = "/proc/1/ns/cgroup", .number = CLONE_NEWCGROUP),
	TRY("setns() by a pidfd", enter_pidfd, "EPERM",
	    .number = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC),
	TRY("entering a namespace of a process of the host", enter_victim,
	    "ENOENT", .path = "ns/mnt"),
	TRY("getting the parent pid namespace", parent_of, "EPERM"),
	TRY("getting the network namespace of a socket", of_socket, "EPERM",
	    .only = CAPABILITIES),
	{ 0 },
};
