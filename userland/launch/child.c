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
#define KERNEL_SIGSET_BYTES    (_NSIG / 8)

/* Nobody may be there any more to read it; the container goes on then. */
static void tell(const struct child *c, int error)
{
	struct launch_message message = {
		.stage = c->stage,
		.index = c->index,
		.error = error,
	};

	raw(SYS_sendto, c->plan->child_sync, &message, sizeof(message),
	    MSG_NOSIGNAL, NULL, 0UL);
}

__attribute__((noreturn)) static void fail(const struct child *c, int error)
{
	tell(c, error);
	for (;;)
		raw(SYS_exit_group, launch_exit_code(c->stage, error));
}

/*
 * First of all, and before the wait: as long as this process holds another
 * launch's descriptors, nobody sees that launch's end of file.
 */
static int take_descriptors(struct child *c)
{
	struct launch_plan *plan = c->plan;
	int *const kept[] = {
		&plan->stdio[0],   &plan->stdio[1],  &plan->stdio[2],
		&plan->child_sync, &plan->root_tree, &plan->state_tree,
	};
	const int n = sizeof(kept) / sizeof(kept[0]);
	int i;
	long r;

	/* Out of the way first: they may have any numbers, in any order. */
	for (i = 0; i < n; i++) {
		if (*kept[i] == -1)
			continue;
		r = raw(SYS_fcntl, *kept[i], F_DUPFD_CLOEXEC, (unsigned long)n);
		if (r < 0)
			return (int)r;
		*kept[i] = (int)r;
	}
	for (i = 0; i < n; i++) {
		if (*kept[i] == -1) {
			raw_close(i);
			continue;
		}
		r = raw(SYS_dup3, *kept[i], i, i < 3 ? 0 : O_CLOEXEC);
		if (r < 0)
			return (int)r;
		*kept[i] = i;
	}
	return (int)raw(SYS_close_range, (unsigned int)n, ~0U, 0U);
}

/*
 * 0 to 2 are not to be had by what is opened meanwhile: where stdio is the null
 * device, which is not there yet, the sync socket stands in.
 */
static int hold_stdio(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	long r = 0;
	int i;

	for (i = 0; r >= 0 && i < 3; i++)
		if (plan->stdio[i] == -1)
			r = raw(SYS_dup3, plan->child_sync, i, O_CLOEXEC);
	return r < 0 ? (int)r : 0;
}

static int child_null_stdio(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	int fd __cleanup_raw_close = child_open_null(c);
	long r = fd;
	int i;

	for (i = 0; r >= 0 && i < 3; i++)
		if (plan->stdio[i] == -1)
			r = raw(SYS_dup3, fd, i, 0);
	return r < 0 ? (int)r : 0;
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

static int child_limits(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	long r;

	for (c->index = 0; c->index < spec->n_rlimits; c->index++) {
		const struct resource_limit *l = &spec->rlimits[c->index];
		const struct rlimit64 limit = { l->limit.rlim_cur,
						l->limit.rlim_max };

		r = raw(SYS_prlimit64, 0, l->resource, &limit, NULL);
		if (r)
			return (int)r;
	}
	return 0;
}

/*
 * While CAP_SYS_RESOURCE is there: this value becomes the lowest that the container
 * can set without that capability.
 */
static int child_oom_score(struct child *c)
{
	const char *text = c->plan->oom_score_adj;
	int fd __cleanup_raw_close = -1;
	long r;

	if (!c->plan->spec->has_oom_score_adj)
		return 0;
	fd = (int)raw(SYS_openat, AT_FDCWD, "/proc/self/oom_score_adj",
		      O_WRONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	r = raw(SYS_write, fd, text, strlen(text));
	return r < 0 ? (int)r : 0;
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

	(void)c;
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
	fd = child_open(c->root, c->plan->spec->cwd, O_PATH | O_DIRECTORY, 0);
	return fd < 0 ? fd : (int)raw(SYS_fchdir, fd);
}

static const struct {
	enum launch_stage stage;
	int (*run)(struct child *c);
} sequence[] = {
	{ STAGE_SESSION, child_session },
	{ STAGE_LIMITS, child_limits },
	{ STAGE_OOM_SCORE, child_oom_score },
	{ STAGE_HOSTNAME, child_hostname },
	{ STAGE_LOOPBACK, child_loopback },
	{ STAGE_PRIVATE, child_private },
	/* What has a path on the host is opened before the scaffold hides it. */
	{ STAGE_SOURCE, child_mount_sources },
	{ STAGE_DEVICES, child_device_sources },
	{ STAGE_SCAFFOLD, child_scaffold },
	{ STAGE_ROOT, child_attach_root },
	{ STAGE_MOUNT, child_mounts },
	{ STAGE_DEVICES, child_devices },
	{ STAGE_STDIO, child_null_stdio },
	{ STAGE_PIVOT, child_pivot },
	{ STAGE_MOUNT, child_check_mounts },
	{ STAGE_NICE, child_nice },
	{ STAGE_CPUS, child_cpus },
	{ STAGE_CWD, child_cwd },
	{ STAGE_PRIVILEGES, child_privileges },
};

void child_main(struct launch_plan *plan)
{
	struct child c = {
		.plan = plan,
		.scaffold = -1,
		.root = -1,
		.devices = -1,
	};
	size_t i;
	int r;

	c.stage = STAGE_STDIO;
	r = take_descriptors(&c);
	if (!r)
		r = hold_stdio(&c);
	if (r)
		fail(&c, r);
	wait_for_release(&c);
	for (i = 0; i < sizeof(sequence) / sizeof(sequence[0]); i++) {
		c.stage = sequence[i].stage;
		r = sequence[i].run(&c);
		if (r)
			fail(&c, r);
	}
	c.stage = STAGE_READY;
	tell(&c, 0);
	r = child_exec(&c);
	fail(&c, r);
}
