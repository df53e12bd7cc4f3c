// SPDX-License-Identifier: GPL-2.0
/*
 * What the child does, in order, from clone3() to execve(). See raw.h for the
 * rules that hold here.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "plan.h"
#include "raw.h"

/* The kernel's idea of struct sigaction is not larger on any architecture. */
#define KERNEL_SIGACTION_WORDS 8
#define KERNEL_SIGSET_BYTES (_NSIG / 8)

/* Nobody may be there any more to read it; the container goes on then. */
static void tell(const struct child *c, enum launch_stage stage, int error)
{
	struct launch_message message = {
		.stage = stage, .index = c->index, .error = error,
	};

	raw(SYS_sendto, c->plan->child_sync, &message, sizeof(message),
	    MSG_NOSIGNAL, NULL, 0UL);
}

__attribute__((noreturn)) static void fail(const struct child *c,
					   enum launch_stage stage, int error)
{
	tell(c, stage, error);
	for (;;)
		raw(SYS_exit_group, launch_exit_code(stage, error));
}

/*
 * First of all, and before the wait: as long as this process holds another
 * launch's descriptors, nobody sees that launch's end of file.
 */
static int take_stdio(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	unsigned int sync = (unsigned int)plan->child_sync;
	int i, fds[3];
	long r;

	/* Out of the way of 0 to 2 first: they may come in any order. */
	for (i = 0; i < 3; i++) {
		r = raw(SYS_fcntl, plan->stdio[i], F_DUPFD_CLOEXEC, 3UL);
		if (r < 0)
			return (int)r;
		fds[i] = (int)r;
	}
	for (i = 0; i < 3; i++) {
		r = raw(SYS_dup3, fds[i], i, 0);
		if (r < 0)
			return (int)r;
	}
	r = sync > 3 ? raw(SYS_close_range, 3U, sync - 1, 0U) : 0;
	if (!r)
		r = raw(SYS_close_range, sync + 1, ~0U, 0U);
	return (int)r;
}

/* End of file: nobody is there to release it. */
static void wait_for_release(struct child *c)
{
	char byte;
	long r;

	do {
		r = raw(SYS_recvfrom, c->plan->child_sync, &byte, sizeof(byte),
			0, NULL, NULL);
	} while (r == -EINTR);
	if (r != 1)
		for (;;)
			raw(SYS_exit_group, 125);
}

/* Containers number in the thousands, so that it has raised its own. */
static int child_open_files(struct child *c)
{
	const struct rlimit *nofile = c->plan->spec->nofile;
	struct rlimit64 limit;

	if (!nofile)
		return 0;
	limit.rlim_cur = nofile->rlim_cur;
	limit.rlim_max = nofile->rlim_max;
	return (int)raw(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL);
}

/*
 * Nothing of the supervisor's own stays: its umask, its terminal, its signal
 * settings (CLONE_CLEAR_SIGHAND leaves ignored signals ignored), its groups, its
 * keys.
 */
static int child_session(struct child *c)
{
	unsigned long action[KERNEL_SIGACTION_WORDS] = { 0 };
	unsigned char none[KERNEL_SIGSET_BYTES] = { 0 };
	int sig;
	long r;

	raw(SYS_umask, 022);
	r = raw(SYS_setsid);
	if (r < 0)
		return (int)r;
	for (sig = 1; sig < _NSIG; sig++) {
		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		r = raw(SYS_rt_sigaction, sig, action, NULL, sizeof(none));
		if (r)
			return (int)r;
	}
	r = raw(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, sizeof(none));
	if (!r)
		r = raw(SYS_setgroups, 0UL, NULL);
	if (!r)
		r = child_open_files(c);
	if (r)
		return (int)r;
	r = raw(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0UL, 0UL, 0UL);
	return r < 0 && r != -ENOSYS ? (int)r : 0;
}

/* The kernel takes 64 bytes, an id may be longer. */
static int child_hostname(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;

	if (!(spec->namespaces & CLONE_NEWUTS))
		return 0;
	return (int)raw(SYS_sethostname, spec->id,
			strnlen(spec->id, HOST_NAME_MAX));
}

static int child_private(struct child *c)
{
	(void)c;
	return (int)raw(SYS_mount, NULL, "/", NULL,
			(unsigned long)(MS_REC | MS_PRIVATE), NULL);
}

static int child_nice(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;

	if (!spec->has_nice)
		return 0;
	return (int)raw(SYS_setpriority, PRIO_PROCESS, 0, spec->nice);
}

static int child_cpus(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;

	if (!spec->cpus)
		return 0;
	return (int)raw(SYS_sched_setaffinity, 0, spec->cpus_size, spec->cpus);
}

static int child_cwd(struct child *c)
{
	int fd __cleanup_raw_close = -1;

	if (!c->plan->spec->cwd)
		return 0;
	fd = child_open(c->plan->spec->cwd, O_PATH | O_DIRECTORY, 0);
	return fd < 0 ? fd : (int)raw(SYS_fchdir, fd);
}

static const struct {
	enum launch_stage stage;
	int (*run)(struct child *c);
} sequence[] = {
	{ STAGE_SESSION, child_session },
	{ STAGE_HOSTNAME, child_hostname },
	{ STAGE_LOOPBACK, child_loopback },
	{ STAGE_PRIVATE, child_private },
	/* From the host's paths, which are gone after pivot_root(). */
	{ STAGE_SOURCE, child_mount_sources },
	{ STAGE_DEVICES, child_device_sources },
	{ STAGE_MASKS, child_mask_sources },
	{ STAGE_ROOT, child_attach_root },
	{ STAGE_PIVOT, child_pivot },
	/* Here every path is the container's. */
	{ STAGE_MOUNT, child_mounts },
	{ STAGE_DEVICES, child_devices },
	{ STAGE_MASKS, child_masks },
	{ STAGE_NICE, child_nice },
	{ STAGE_CPUS, child_cpus },
	{ STAGE_CWD, child_cwd },
	{ STAGE_PRIVILEGES, child_privileges },
};

void child_main(struct launch_plan *plan)
{
	struct child c = { .plan = plan, .root = -1, .devices = -1 };
	enum launch_stage stage;
	size_t i;
	int r;

	r = take_stdio(&c);
	if (r)
		fail(&c, STAGE_STDIO, r);
	wait_for_release(&c);
	for (i = 0; i < sizeof(sequence) / sizeof(sequence[0]); i++) {
		r = sequence[i].run(&c);
		if (r)
			fail(&c, sequence[i].stage, r);
	}
	tell(&c, STAGE_READY, 0);
	r = child_exec(&c, &stage);
	fail(&c, stage, r);
}
