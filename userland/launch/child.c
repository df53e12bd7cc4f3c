// SPDX-License-Identifier: GPL-2.0
/* The steps of the child, in order, from clone3() to execve(). raw.h has the rules. */
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>

#include "child.h"
#include "raw.h"

/* Open the host's "/", to find paths of the host later. */
static int child_open_host(struct child *c)
{
	c->host = (int)raw(SYS_openat, AT_FDCWD, "/",
			   O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	return c->host < 0 ? c->host : 0;
}

/* Open the root of a running container: the child has joined its mount namespace. */
static int child_enter_root(struct child *c)
{
	c->root = (int)raw(SYS_openat, AT_FDCWD, "/",
			   O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	return c->root < 0 ? c->root : 0;
}

/** struct step - a step of the sequence, and the stage that the report has if it fails */
struct step {
	enum launch_stage stage;
	int (*run)(struct child *c);
};

/* The steps that make a new container. */
static const struct step making[] = {
	/* Open it in the new mount namespace: only mounts of that can be bound there. */
	{ STAGE_SCAFFOLD, child_open_host },
	/* Root of a user namespace may not be able to follow the path. */
	{ STAGE_PAUSE, child_open_place },
	/* Before the user changes: the files in /proc/self still belong to root. */
	{ STAGE_INHERITED, child_reset_inherited },
	{ STAGE_CLOCKS, child_clocks },
	{ STAGE_ROOT_USER, child_root_user },
	{ STAGE_SESSION, child_session },
	{ STAGE_PERSONALITY, child_personality },
	{ STAGE_LABEL, child_label },
	{ STAGE_HOSTNAME, child_hostname },
	{ STAGE_DOMAINNAME, child_domainname },
	{ STAGE_LOOPBACK, child_loopback },
	{ STAGE_SYSCTL, child_sysctls },
	{ STAGE_PRIVATE, child_private },
	{ STAGE_SCAFFOLD, child_scaffold },
	{ STAGE_ROOT, child_attach_root },
	{ STAGE_MOUNT, child_mounts },
	{ STAGE_DEVICE, child_devices },
	{ STAGE_LINK, child_links },
	{ STAGE_MASK, child_masks },
	{ STAGE_LOOKUP, child_find_user },
	{ STAGE_TERMINAL, child_terminal },
	{ STAGE_STDIO, child_null_stdio },
	{ STAGE_CWD, child_make_cwd },
	{ STAGE_PAUSE, child_pause },
	{ STAGE_PIVOT, child_pivot },
	{ STAGE_ROOT, child_finish_root },
	{ STAGE_MOUNT, child_seal_mounts },
	{ STAGE_MOUNT, child_check_mounts },
};

/* The steps that enter a running container. */
static const struct step entering[] = {
	{ STAGE_INHERITED, child_reset_inherited },
	{ STAGE_ROOT_USER, child_root_user },
	{ STAGE_SESSION, child_session },
	{ STAGE_PERSONALITY, child_personality },
	{ STAGE_LABEL, child_label },
	{ STAGE_ROOT, child_enter_root },
	{ STAGE_LOOKUP, child_find_user },
	{ STAGE_TERMINAL, child_terminal },
	{ STAGE_STDIO, child_null_stdio },
	{ STAGE_CWD, child_make_cwd },
};

/* The last steps of both. */
static const struct step starting[] = {
	{ STAGE_CWD, child_cwd },
	{ STAGE_COMMAND, child_find_command },
	{ STAGE_STDIO, child_close_rest },
	{ STAGE_GATE, child_wait_for_start },
	{ STAGE_LIMITS, child_limits },
	{ STAGE_USER, child_user },
	{ STAGE_PRIVILEGES, child_privileges },
};

static int run(struct child *c, const struct step *steps, size_t n)
{
	const struct step *step;
	int r = 0;

	for (step = steps; !r && step < steps + n; step++) {
		c->stage = step->stage;
		r = step->run(c);
	}
	return r;
}

#define RUN(c, steps) run(c, steps, sizeof(steps) / sizeof((steps)[0]))

/*
 * Run in the middle process, after it has joined namespaces: it makes the container's
 * process, as a child of the parent (CLONE_PARENT), and exits. The new process returns
 * from this function.
 */
static int make_process(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	struct clone_args args = { .flags = CLONE_PARENT };
	long r;

	if (spec)
		args.flags |= spec->namespaces & ~(uint64_t)CLONE_NEWTIME;
	c->stage = STAGE_PROCESS;
	r = raw(SYS_clone3, &args, sizeof(args));
	if (r > 0) {
		c->plan->report->pid = (int32_t)r;
		raw(SYS_exit_group, 0);
	}
	return (int)r;
}

/* The steps before the first gate. */
static int arrive(struct child *c)
{
	int r;

	c->stage = STAGE_STDIO;
	r = child_take_descriptors(c);
	/* After joining the mount namespace, "/" is the container's. */
	if (!r && !c->plan->spec)
		r = child_open_host(c);
	if (r || !c->plan->n_joins)
		return r;
	c->stage = STAGE_JOIN;
	/* Processes in those namespaces must not be able to trace this one. */
	r = (int)raw(SYS_prctl, PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
	if (!r)
		r = child_leave_groups(c);
	if (!r)
		r = child_join(c);
	if (!r && c->plan->middle)
		r = make_process(c);
	return r;
}

/* Returns only if something fails. */
static int go(struct child *c)
{
	int r = arrive(c);

	if (r)
		return r;
	child_wait_for_parent(c);
	r = c->plan->spec ? RUN(c, making) : RUN(c, entering);
	if (!r)
		r = RUN(c, starting);
	if (r)
		return r;
	c->plan->report->stage = STAGE_READY;
	return child_exec(c);
}

/*
 * After go(), make only one system call, because the filter may be installed already. If
 * the filter refuses that call, a trap ends the process.
 */
void child_main(struct launch_plan *plan)
{
	struct child c = {
		.plan = plan,
		.host = -1,
		.scaffold = -1,
		.place = -1,
		.starter = -1,
		.root = -1,
	};
	int error = go(&c);

	plan->report->index = c.index;
	plan->report->error = error;
	plan->report->stage = c.stage;
	raw(SYS_exit_group, launch_exit_code(c.stage, error));
	__builtin_trap();
}
