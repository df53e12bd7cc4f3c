// SPDX-License-Identifier: GPL-2.0
/*
 * Making the process of a launch. Usually one clone3() makes it in its namespaces and
 * its cgroup. If it joins a PID or a user namespace, a middle process joins, and then
 * makes the container's process. The reasons: after setns() to a PID namespace only
 * children are in it; and a process in a user namespace cannot join the host's
 * namespaces any more.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clone.h"
#include "raw.h"

static const char *place_of(const struct launch_plan *plan)
{
	if (!plan->spec)
		return "the container's namespaces";
	return plan->cgroup_fd < 0 ? "namespaces of its own" :
				     "namespaces and a cgroup of its own";
}

/* Kill a process that cannot be used. */
static void discard(pid_t *pid, int *pidfd)
{
	kill(*pid, SIGKILL);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (*pidfd >= 0)
		close(*pidfd);
	*pid = -1;
	*pidfd = -1;
}

/*
 * Take the process that the middle process has made; the report has its PID. The PID
 * cannot belong to another process, because this process has not reaped its child yet.
 */
static int take_over(struct launch_plan *plan, pid_t *pid, int *pidfd,
		     struct failure *failure)
{
	int r;

	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(*pidfd);
	*pidfd = -1;
	*pid = plan->report->pid;
	if (*pid <= 0) {
		*pid = -1;
		return launch_explain(plan, failure);
	}
	*pidfd = pidfd_open(*pid, 0);
	if (*pidfd >= 0)
		return 0;
	r = -errno;
	discard(pid, pidfd);
	return failed(failure, EXIT_ENGINE, "cannot watch the process: %s",
		      strerror(-r));
}

static int write_maps(const struct launch_plan *plan, pid_t pid,
		      struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	int r;

	if (!spec || !(spec->namespaces & CLONE_NEWUSER))
		return 0;
	r = plan_write_maps(pid, &spec->uids, &spec->gids);
	if (r)
		return failed(failure, EXIT_ENGINE,
			      "cannot map the ids of its user namespace: %s",
			      strerror(-r));
	return 0;
}

int clone_child(struct launch_plan *plan, pid_t *pid, int *pidfd,
		struct failure *failure)
{
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};
	long r;

	if (plan->spec && !plan->middle)
		args.flags |= plan->spec->namespaces & ~(uint64_t)CLONE_NEWTIME;
	/*
	 * With CLONE_INTO_CGROUP, cgroup_post_fork() makes the child's cgroup the root of
	 * its new cgroup namespace, not the caller's.
	 */
	if (plan->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)plan->cgroup_fd;
	}
	*pid = -1;
	r = raw(SYS_clone3, &args, sizeof(args));
	if (!r)
		child_main(plan);
	close(plan->child_sync);
	plan->child_sync = -1;
	plan_close(plan);
	if (r < 0) {
		*pidfd = -1;
		return failed(failure, EXIT_ENGINE,
			      "cannot make a process in %s: %s", place_of(plan),
			      strerror((int)-r));
	}
	*pid = (pid_t)r;
	if (plan->middle && take_over(plan, pid, pidfd, failure))
		return -1;
	if (write_maps(plan, *pid, failure) ||
	    plan_settings(plan, *pid, failure)) {
		discard(pid, pidfd);
		return -1;
	}
	return 0;
}
