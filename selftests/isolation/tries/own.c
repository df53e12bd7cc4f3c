// SPDX-License-Identifier: GPL-2.0
/* Tries of a process to give itself capabilities, priorities, limits or a terminal. */
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "try.h"

#define IOPRIO_WHO_PROCESS  1
#define IOPRIO_RT	    (1 << 13)
#define TIOCL_GETSHIFTSTATE 6

/* Add CAP_SYS_ADMIN to the permitted and the effective set. */
static int set_capabilities(const struct attempt *t)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	(void)t;
	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[0].permitted |= 1U << CAP_SYS_ADMIN;
	data[0].effective |= 1U << CAP_SYS_ADMIN;
	return result(syscall(SYS_capset, &header, data));
}

static int inherit(struct __user_cap_header_struct *header,
		   struct __user_cap_data_struct *data)
{
	if (syscall(SYS_capget, header, data))
		return -errno;
	data[0].inheritable |= 1U << CAP_SYS_ADMIN;
	return result(syscall(SYS_capset, header, data));
}

static int set_inheritable(const struct attempt *t)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	(void)t;
	return inherit(&header, data);
}

static int set_ambient(const struct attempt *t)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	(void)t;
	if (off && inherit(&header, data))
		return -ENOTDIR;
	return result(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN,
			    0, 0));
}

/* Suspend the system call filter of a child. */
static int suspend_filter(const struct attempt *t)
{
	pid_t pid = fork();
	int r;

	(void)t;
	if (!pid)
		for (;;)
			pause();
	r = result(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_SUSPEND_SECCOMP));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return r;
}

static int set_policy(const struct attempt *t)
{
	struct sched_param p = { .sched_priority = 1 };

	return result(sched_setscheduler(0, (int)t->number, &p));
}

/* The kernel's struct sched_attr, whose header clashes with that of the C library. */
struct deadline {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static int set_deadline(const struct attempt *t)
{
	struct deadline d = {
		.size = sizeof(d),
		.policy = SCHED_DEADLINE,
		.runtime = 1000000,
		.deadline = 100000000,
		.period = 100000000,
	};

	(void)t;
	return result(syscall(SYS_sched_setattr, 0L, &d, 0L));
}

CALL(raise_nice, setpriority(PRIO_PROCESS, 0, -1))
CALL(raise_io, syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0L, IOPRIO_RT | 4))

static int lower_oom_score(const struct attempt *t)
{
	(void)t;
	return write_text("/proc/self/oom_score_adj", "-1000");
}

static int raise_limit(const struct attempt *t)
{
	struct rlimit limit;

	if (prlimit(0, (__rlimit_resource_t)t->number, NULL, &limit))
		return -errno;
	limit.rlim_cur = ++limit.rlim_max;
	return result(prlimit(0, (__rlimit_resource_t)t->number, &limit, NULL));
}

static int terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	return fd < 0 || unlockpt(fd) ? -1 :
					open(ptsname(fd), O_RDWR | O_NOCTTY);
}

static int type(const struct attempt *t)
{
	int fd = terminal();

	(void)t;
	return fd < 0 ? -ENOTDIR : result(ioctl(fd, TIOCSTI, "x"));
}

static int console(const struct attempt *t)
{
	char order = TIOCL_GETSHIFTSTATE;
	int fd = off ? open("/dev/tty0", O_RDWR | O_NOCTTY) : terminal();

	(void)t;
	return fd < 0 ? -errno : result(ioctl(fd, TIOCLINUX, &order));
}

/* Redirect the console's output to this terminal, for a moment. */
static int take_console(const struct attempt *t)
{
	int fd = terminal(), r, back;

	(void)t;
	if (fd < 0)
		return -ENOTDIR;
	r = result(ioctl(fd, TIOCCONS));
	back = off ? open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
	if (!r && ioctl(back, TIOCCONS))
		return -EBUSY;
	return r;
}

CALL(set_brk, prctl(PR_SET_MM, PR_SET_MM_START_BRK, sbrk(0), 0, 0))

const struct attempt own_tries[] = {
	TRY("adding a capability by capset()", set_capabilities, "EPERM",
	    .only = CAPABILITIES),
	TRY("adding an inheritable capability", set_inheritable, "EPERM",
	    .only = CAPABILITIES),
	TRY("adding an ambient capability", set_ambient, "EPERM"),
	TRY("suspending the system call filter by ptrace()", suspend_filter,
	    "EPERM", .lacks = "EINVAL"),
	TRY("switching to SCHED_FIFO", set_policy, "EPERM",
	    .number = SCHED_FIFO, .only = CAPABILITIES),
	TRY("switching to SCHED_RR", set_policy, "EPERM", .number = SCHED_RR,
	    .only = CAPABILITIES),
	TRY("switching to SCHED_DEADLINE", set_deadline, "EPERM",
	    .only = CAPABILITIES),
	TRY("lowering its nice value", raise_nice, "EACCES",
	    .only = CAPABILITIES),
	TRY("setting a real-time I/O priority", raise_io, "EPERM",
	    .lacks = "ENOSYS", .only = CAPABILITIES),
	TRY("lowering its oom_score_adj", lower_oom_score, "EACCES",
	    .only = CAPABILITIES),
	TRY("raising the limit of open files", raise_limit, "EPERM",
	    .number = RLIMIT_NOFILE, .only = CAPABILITIES),
	TRY("raising the limit of locked memory", raise_limit, "EPERM",
	    .number = RLIMIT_MEMLOCK, .only = CAPABILITIES),
	TRY("raising the limit of pending signals", raise_limit, "EPERM",
	    .number = RLIMIT_SIGPENDING, .only = CAPABILITIES),
	TRY("raising the limit of niceness", raise_limit, "EPERM",
	    .number = RLIMIT_NICE, .only = CAPABILITIES),
	TRY("typing on a terminal by TIOCSTI", type, "EPERM"),
	TRY("using the console by TIOCLINUX", console, "EPERM",
	    .lacks = "ENOENT"),
	TRY("taking the console's output by TIOCCONS", take_console, "EPERM"),
	TRY("changing its memory layout by PR_SET_MM", set_brk, "EPERM",
	    .lacks = "EINVAL", .only = CAPABILITIES),
	{ 0 },
};
