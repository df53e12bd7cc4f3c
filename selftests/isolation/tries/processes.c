// SPDX-License-Identifier: GPL-2.0
/*
 * Tries of a process with another one, the victim, which is a process of the host that
 * runs as root. A try that succeeds leaves the victim unchanged. The names say "it" for
 * the victim.
 */
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "try.h"

#define IOPRIO_WHO_PROCESS 1

static pid_t victim(void)
{
	return variable_pid("TRY_VICTIM");
}

CALL(send_signal, kill(victim(), 0))
CALL(send_to_thread, syscall(SYS_tgkill, victim(), victim(), 0))
CALL(open_pidfd, pidfd_open(victim(), 0))

static int send_with_info(const struct attempt *t)
{
	siginfo_t info = { .si_signo = SIGURG, .si_code = SI_QUEUE };

	(void)t;
	return result(syscall(SYS_rt_sigqueueinfo, victim(), SIGURG, &info));
}

/* Trace the victim, and detach at once. */
static int trace(const struct attempt *t)
{
	pid_t pid = victim();
	int r = result(
		ptrace((enum __ptrace_request)t->number, pid, NULL, NULL));

	if (!r && t->number == PTRACE_ATTACH)
		waitpid(pid, NULL, __WALL);
	else if (!r && (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
			waitpid(pid, NULL, __WALL) != pid))
		return -ECHILD;
	if (!r)
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return r;
}

/* The address of the victim's program, or a likely one if its maps cannot be read. */
static void *address(void)
{
	FILE *maps = fopen(proc_path(victim(), "maps"), "r");
	unsigned long from = 0x400000;

	if (maps && fscanf(maps, "%lx", &from) != 1)
		from = 0x400000;
	if (maps)
		fclose(maps);
	return (void *)from;
}

static int read_memory(const struct attempt *t)
{
	char byte;
	struct iovec to = { &byte, 1 }, from = { address(), 1 };

	(void)t;
	return result(process_vm_readv(victim(), &to, 1, &from, 1, 0));
}

/* The write must fail: the pages of a program are read-only. */
static int write_memory(const struct attempt *t)
{
	char byte = 0;
	struct iovec from = { &byte, 1 }, to = { address(), 1 };

	(void)t;
	return result(process_vm_writev(victim(), &from, 1, &to, 1, 0));
}

static int take_descriptor(const struct attempt *t)
{
	int fd = pidfd_open(victim(), 0);

	(void)t;
	return fd < 0 ? -errno : result(pidfd_getfd(fd, 0, 0));
}

static int advise(const struct attempt *t)
{
	struct iovec range = { address(), 4096 };
	int fd = pidfd_open(victim(), 0);

	(void)t;
	if (fd < 0)
		return -errno;
	return result(
		syscall(SYS_process_madvise, fd, &range, 1L, MADV_COLD, 0L));
}

CALL(compare, syscall(SYS_kcmp, victim(), getpid(), KCMP_VM, 0L, 0L))
CALL(set_nice, setpriority(PRIO_PROCESS, (id_t)victim(), 0))
CALL(set_io_priority, syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, victim(), 0))
/* Migrate memory from a node to the same node. */
static int move_memory(const struct attempt *t)
{
	unsigned long nodes = 1;

	(void)t;
	return result(
		syscall(SYS_migrate_pages, victim(), 64L, &nodes, &nodes));
}

static int set_scheduler(const struct attempt *t)
{
	struct sched_param p = { .sched_priority = 0 };

	(void)t;
	return result(sched_setscheduler(victim(), SCHED_OTHER, &p));
}

static int set_cpus(const struct attempt *t)
{
	unsigned char cpus[128];
	int i;

	(void)t;
	for (i = 0; i < 128; i++)
		cpus[i] = 255;
	return result(
		syscall(SYS_sched_setaffinity, victim(), sizeof(cpus), cpus));
}

static int set_limit(const struct attempt *t)
{
	struct rlimit limit;

	(void)t;
	if (prlimit(victim(), RLIMIT_CORE, NULL, &limit))
		return -errno;
	return result(prlimit(victim(), RLIMIT_CORE, &limit, NULL));
}

static int robust_list(const struct attempt *t)
{
	void *head;
	size_t len;

	(void)t;
	return result(syscall(SYS_get_robust_list, victim(), &head, &len));
}

/* Make a pipe signal the victim when there is something to read. */
static int own_descriptor(const struct attempt *t)
{
	int ends[2];

	(void)t;
	return pipe(ends) ? -errno : result(fcntl(ends[0], F_SETOWN, victim()));
}

/* Send a message with the victim's PID as its credentials. */
static int send_as(const struct attempt *t)
{
	struct ucred who = { .pid = victim() };
	char byte = 0, control[CMSG_SPACE(sizeof(who))] = { 0 };
	struct iovec data = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	int ends[2];

	(void)t;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		return -errno;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_CREDENTIALS;
	head->cmsg_len = CMSG_LEN(sizeof(who));
	*(struct ucred *)CMSG_DATA(head) = who;
	return result(sendmsg(ends[0], &message, 0));
}

const struct attempt processes_tries[] = {
	TRY("sending it a signal", send_signal, "ESRCH", .outside = "EPERM"),
	TRY("sending a thread of it a signal", send_to_thread, "ESRCH",
	    .outside = "EPERM"),
	TRY("sending it a signal with a forged sender", send_with_info, "ESRCH",
	    .outside = "EPERM"),
	TRY("opening a pidfd of it", open_pidfd, "ESRCH"),
	TRY("PTRACE_ATTACH", trace, "ESRCH", .outside = "EPERM",
	    .number = PTRACE_ATTACH),
	TRY("PTRACE_SEIZE", trace, "ESRCH", .outside = "EPERM",
	    .number = PTRACE_SEIZE),
	TRY("process_vm_readv()", read_memory, "ESRCH", .outside = "EPERM"),
	TRY("process_vm_writev()", write_memory, "ESRCH", .outside = "EPERM",
	    .off = "EFAULT"),
	TRY("pidfd_getfd()", take_descriptor, "ESRCH", .outside = "EPERM"),
	TRY("process_madvise()", advise, "ESRCH", .outside = "EACCES"),
	TRY("kcmp()", compare, "ESRCH", .outside = "EPERM"),
	TRY("setting its niceness", set_nice, "ESRCH", .outside = "EPERM"),
	TRY("setting its I/O priority", set_io_priority, "ESRCH",
	    .outside = "EPERM"),
	TRY("setting its scheduler", set_scheduler, "ESRCH",
	    .outside = "EPERM"),
	TRY("setting its CPUs", set_cpus, "ESRCH", .outside = "EPERM"),
	TRY("setting its limits", set_limit, "ESRCH", .outside = "EPERM"),
	TRY("moving its memory between nodes", move_memory, "ESRCH",
	    .outside = "EPERM"),
	TRY("reading its list of robust futexes", robust_list, "ESRCH",
	    .outside = "EPERM"),
	TRY("directing signals to it by F_SETOWN", own_descriptor, "ESRCH"),
	TRY("sending its PID in SCM_CREDENTIALS", send_as, "EPERM",
	    .outside = "EPERM"),
	{ 0 },
};
