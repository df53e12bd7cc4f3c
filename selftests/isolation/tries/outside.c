// SPDX-License-Identifier: GPL-2.0
/*
 * A user of the host, or root of a user namespace of such a user's, and what
 * containers and their supervisor have on the host.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "try.h"

/* The file or folder that the environment names: by the flags t->number. */
static int open_told(const struct attempt *t)
{
	int fd = open(told(t->path), (int)t->number | O_NONBLOCK | O_CLOEXEC);

	return result(fd);
}

static int create_told(const struct attempt *t)
{
	struct attempt create = *t;

	create.path = told(t->path);
	return try_create(&create);
}

static const char *in_cgroup(const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", told("TRY_CGROUP"), file);
	return path;
}

static int open_cgroup(const struct attempt *t)
{
	int fd = open(in_cgroup(t->path), O_WRONLY | O_CLOEXEC);

	return result(fd);
}

static int join_cgroup(const struct attempt *t)
{
	return write_text(in_cgroup(t->path), "0");
}

/* Of the container's first process. */
static int of_init(const struct attempt *t)
{
	int fd = open(proc_path(told_pid("TRY_VICTIM"), t->path),
		      (int)t->number | O_CLOEXEC);
	char byte;
	int r = result(fd);

	/* Some are looked at only by who reads. */
	if (!r && t->number == O_RDONLY)
		r = result(read(fd, &byte, 1));
	if (fd >= 0)
		close(fd);
	return r == -EISDIR ? 0 : r;
}

static int enter(const struct attempt *t)
{
	int fd = pidfd_open(told_pid("TRY_VICTIM"), 0);

	return fd < 0 ? -errno : result(setns(fd, (int)t->number));
}

static int send_signal(const struct attempt *t)
{
	int fd = pidfd_open(told_pid("TRY_VICTIM"), 0);

	(void)t;
	return fd < 0 ? -errno : result(pidfd_send_signal(fd, 0, NULL, 0));
}

static int connect_supervisor(const struct attempt *t)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", told(t->path));
	return result(connect(socket(AF_UNIX, SOCK_STREAM, 0),
			      (struct sockaddr *)&a, sizeof(a)));
}

CALL(unload, syscall(SYS_delete_module, "purser", O_NONBLOCK))

#define OUTSIDE(title, function, outcome, ...) \
	TRY(title, function, NULL, .outside = (outcome), ##__VA_ARGS__)

const struct attempt outside_tries[] = {
	OUTSIDE("a signal by pidfd", send_signal, "EPERM"),
	OUTSIDE("its root", of_init, "EACCES", .path = "root",
		.number = O_PATH),
	OUTSIDE("its working folder", of_init, "EACCES", .path = "cwd",
		.number = O_PATH),
	OUTSIDE("its program", of_init, "EACCES", .path = "exe",
		.number = O_RDONLY),
	OUTSIDE("its descriptors", of_init, "EACCES", .path = "fd",
		.number = O_RDONLY),
	OUTSIDE("its output", of_init, "EACCES", .path = "fd/1",
		.number = O_WRONLY),
	OUTSIDE("its memory", of_init, "EACCES", .path = "mem",
		.number = O_RDWR),
	OUTSIDE("where its memory is", of_init, "EACCES", .path = "maps",
		.number = O_RDONLY),
	OUTSIDE("its environment", of_init, "EACCES", .path = "environ",
		.number = O_RDONLY),
	OUTSIDE("its auxiliary vector", of_init, "EACCES", .path = "auxv",
		.number = O_RDONLY),
	OUTSIDE("its stack in the kernel", of_init, "EACCES", .path = "stack",
		.number = O_RDONLY, .lacks = "ENOENT"),
	OUTSIDE("its system call", of_init, "EACCES", .path = "syscall",
		.number = O_RDONLY, .lacks = "ENOENT"),
	OUTSIDE("its mount namespace", of_init, "EACCES", .path = "ns/mnt",
		.number = O_RDONLY, .off = "EINVAL"),
	OUTSIDE("its oom_score_adj", of_init, "EACCES", .path = "oom_score_adj",
		.number = O_WRONLY),
	OUTSIDE("setns() to its mounts", enter, "EPERM", .number = CLONE_NEWNS),
	OUTSIDE("setns() to its processes", enter, "EPERM",
		.number = CLONE_NEWPID),
	OUTSIDE("setns() to its hostname and queues", enter, "EPERM",
		.number = CLONE_NEWUTS | CLONE_NEWIPC),
	OUTSIDE("its cgroup entered", join_cgroup, "EACCES",
		.path = "cgroup.procs"),
	OUTSIDE("its cgroup killed", open_cgroup, "EACCES",
		.path = "cgroup.kill", .lacks = "ENOENT"),
	OUTSIDE("its cgroup frozen", open_cgroup, "EACCES",
		.path = "cgroup.freeze"),
	OUTSIDE("its cgroup's limit of memory", open_cgroup, "EACCES",
		.path = "memory.max"),
	OUTSIDE("its cgroup's limit of processes", open_cgroup, "EACCES",
		.path = "pids.max"),
	OUTSIDE("its log", open_told, "EACCES", .path = "TRY_LOG",
		.number = O_RDONLY),
	OUTSIDE("its log written", open_told, "EACCES", .path = "TRY_LOG",
		.number = O_WRONLY | O_APPEND),
	OUTSIDE("a file in the folder of logs", create_told, "EACCES",
		.path = "TRY_LOG_DIR"),
	OUTSIDE("the folder of states", open_told, "EACCES",
		.path = "TRY_STATE_DIR", .number = O_RDONLY),
	OUTSIDE("a file in the folder of states", create_told, "EACCES",
		.path = "TRY_STATE_DIR"),
	OUTSIDE("what it has written in its root", open_told, "EACCES",
		.path = "TRY_WRITTEN", .number = O_RDONLY),
	OUTSIDE("a file in the run folder", create_told, "EACCES",
		.path = "TRY_RUN_DIR"),
	OUTSIDE("the folder of its FIFOs", open_told, "EACCES",
		.path = "TRY_FIFOS", .number = O_RDONLY),
	OUTSIDE("the supervisor's socket", connect_supervisor, "EACCES",
		.path = "TRY_SOCKET"),
	OUTSIDE("/dev/container_monitor", try_open, "EACCES",
		.path = "/dev/container_monitor", .number = O_RDWR),
	OUTSIDE("a parameter of the module", try_open, "EACCES",
		.path = "/sys/module/purser/parameters/exit_records",
		.number = O_WRONLY),
	OUTSIDE("the module unloaded", unload, "EPERM", .off = "EAGAIN"),
	{ 0 },
};
