// SPDX-License-Identifier: GPL-2.0
/*
 * Tries of a user of the host, or of root of that user's user namespace, with what a
 * container and its supervisor have on the host. The names say "it" for the container.
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

/* Open the path in the variable t->path with the flags t->number. */
static int open_variable(const struct attempt *t)
{
	int fd = open(variable(t->path),
		      (int)t->number | O_NONBLOCK | O_CLOEXEC);

	return result(fd);
}

/* Make a file in the folder in the variable t->path. */
static int create_in_variable(const struct attempt *t)
{
	struct attempt create = *t;

	create.path = variable(t->path);
	return try_create(&create);
}

static const char *in_cgroup(const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", variable("TRY_CGROUP"), file);
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

/* Open the file t->path of the container's first process in /proc. */
static int of_init(const struct attempt *t)
{
	int fd = open(proc_path(variable_pid("TRY_VICTIM"), t->path),
		      (int)t->number | O_CLOEXEC);
	char byte;
	int r = result(fd);

	/* For some files the kernel checks the caller only at read(). */
	if (!r && t->number == O_RDONLY)
		r = result(read(fd, &byte, 1));
	if (fd >= 0)
		close(fd);
	return r == -EISDIR ? 0 : r;
}

static int enter(const struct attempt *t)
{
	int fd = pidfd_open(variable_pid("TRY_VICTIM"), 0);

	return fd < 0 ? -errno : result(setns(fd, (int)t->number));
}

static int send_signal(const struct attempt *t)
{
	int fd = pidfd_open(variable_pid("TRY_VICTIM"), 0);

	(void)t;
	return fd < 0 ? -errno : result(pidfd_send_signal(fd, 0, NULL, 0));
}

static int connect_supervisor(const struct attempt *t)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", variable(t->path));
	return result(connect(socket(AF_UNIX, SOCK_STREAM, 0),
			      (struct sockaddr *)&a, sizeof(a)));
}

CALL(unload, syscall(SYS_delete_module, "purser", O_NONBLOCK))

#define OUTSIDE(title, function, outcome, ...) \
	TRY(title, function, NULL, .outside = (outcome), ##__VA_ARGS__)

const struct attempt outside_tries[] = {
	OUTSIDE("signalling it by a pidfd", send_signal, "EPERM"),
	OUTSIDE("opening its root", of_init, "EACCES", .path = "root",
		.number = O_PATH),
	OUTSIDE("opening its working folder", of_init, "EACCES", .path = "cwd",
		.number = O_PATH),
	OUTSIDE("reading its program", of_init, "EACCES", .path = "exe",
		.number = O_RDONLY),
	OUTSIDE("listing its descriptors", of_init, "EACCES", .path = "fd",
		.number = O_RDONLY),
	OUTSIDE("opening its output", of_init, "EACCES", .path = "fd/1",
		.number = O_WRONLY),
	OUTSIDE("opening its memory", of_init, "EACCES", .path = "mem",
		.number = O_RDWR),
	OUTSIDE("reading its memory map", of_init, "EACCES", .path = "maps",
		.number = O_RDONLY),
	OUTSIDE("reading its environment", of_init, "EACCES", .path = "environ",
		.number = O_RDONLY),
	OUTSIDE("reading its auxiliary vector", of_init, "EACCES",
		.path = "auxv", .number = O_RDONLY),
	OUTSIDE("reading its kernel stack", of_init, "EACCES", .path = "stack",
		.number = O_RDONLY, .lacks = "ENOENT"),
	OUTSIDE("reading its system call", of_init, "EACCES", .path = "syscall",
		.number = O_RDONLY, .lacks = "ENOENT"),
	OUTSIDE("opening its mount namespace", of_init, "EACCES",
		.path = "ns/mnt", .number = O_RDONLY, .off = "EINVAL"),
	OUTSIDE("opening its oom_score_adj for writing", of_init, "EACCES",
		.path = "oom_score_adj", .number = O_WRONLY),
	OUTSIDE("setns() to its mounts", enter, "EPERM", .number = CLONE_NEWNS),
	OUTSIDE("setns() to its processes", enter, "EPERM",
		.number = CLONE_NEWPID),
	OUTSIDE("setns() to its hostname and queues", enter, "EPERM",
		.number = CLONE_NEWUTS | CLONE_NEWIPC),
	OUTSIDE("entering its cgroup", join_cgroup, "EACCES",
		.path = "cgroup.procs"),
	OUTSIDE("killing its cgroup", open_cgroup, "EACCES",
		.path = "cgroup.kill", .lacks = "ENOENT"),
	OUTSIDE("freezing its cgroup", open_cgroup, "EACCES",
		.path = "cgroup.freeze"),
	OUTSIDE("changing its cgroup's memory limit", open_cgroup, "EACCES",
		.path = "memory.max"),
	OUTSIDE("changing its cgroup's limit of processes", open_cgroup,
		"EACCES", .path = "pids.max"),
	OUTSIDE("reading its log", open_variable, "EACCES", .path = "TRY_LOG",
		.number = O_RDONLY),
	OUTSIDE("writing to its log", open_variable, "EACCES",
		.path = "TRY_LOG", .number = O_WRONLY | O_APPEND),
	OUTSIDE("making a file in the folder of logs", create_in_variable,
		"EACCES", .path = "TRY_LOG_DIR"),
	OUTSIDE("listing the folder of states", open_variable, "EACCES",
		.path = "TRY_STATE_DIR", .number = O_RDONLY),
	OUTSIDE("making a file in the folder of states", create_in_variable,
		"EACCES", .path = "TRY_STATE_DIR"),
	OUTSIDE("reading a file that it has written in its root", open_variable,
		"EACCES", .path = "TRY_WRITTEN", .number = O_RDONLY),
	OUTSIDE("making a file in the run folder", create_in_variable, "EACCES",
		.path = "TRY_RUN_DIR"),
	OUTSIDE("listing the folder of its FIFOs", open_variable, "EACCES",
		.path = "TRY_FIFOS", .number = O_RDONLY),
	OUTSIDE("connecting to the supervisor's socket", connect_supervisor,
		"EACCES", .path = "TRY_SOCKET"),
	OUTSIDE("opening /dev/container_monitor", try_open, "EACCES",
		.path = "/dev/container_monitor", .number = O_RDWR),
	OUTSIDE("writing a parameter of the module", try_open, "EACCES",
		.path = "/sys/module/purser/parameters/exit_records",
		.number = O_WRONLY),
	OUTSIDE("unloading the module", unload, "EPERM", .off = "EAGAIN"),
	{ 0 },
};
