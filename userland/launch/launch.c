// SPDX-License-Identifier: GPL-2.0
/*
 * The three steps of a launch, in the parent. Parent and child talk over a pair
 * of sequenced-packet sockets:
 *
 *	parent  ->  one byte: go on
 *	child   ->  struct launch_message: a failure, or that execve() comes next
 *
 * Both ends are close-on-exec, so the end of file after the child's last
 * message says that execve() has succeeded; without that message it says that
 * the child was killed. The child takes an end of file for the death of its
 * supervisor.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "launch.h"
#include "plan.h"
#include "raw.h"

static int make_sockets(struct launch *l, struct failure *failure)
{
	int fds[2];
	int r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds)) {
		r = -errno;
		return failed(failure, EXIT_ENGINE,
			      "cannot make the socket of a launch: %s",
			      strerror(-r));
	}
	l->sync_fd = fds[0];
	l->plan->child_sync = fds[1];
	return 0;
}

static int make_child(struct launch *l, struct failure *failure)
{
	const struct container_spec *spec = l->plan->spec;
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND | spec->namespaces,
		.pidfd = (uint64_t)(uintptr_t)&l->pidfd,
		.exit_signal = SIGCHLD,
	};
	long pid;

	/*
	 * The root of the new cgroup namespace is the caller's cgroup when the
	 * kernel makes it, but the child's when it is born: cgroup_post_fork()
	 * sets it anew.
	 */
	if (spec->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)spec->cgroup_fd;
	}
	pid = raw(SYS_clone3, &args, sizeof(args));
	if (!pid)
		child_main(l->plan);
	close(l->plan->child_sync);
	l->plan->child_sync = -1;
	plan_rootfs_close(l->plan);
	if (pid < 0) {
		l->pidfd = -1;
		return failed(
			failure, EXIT_ENGINE,
			"cannot make a process in namespaces%s of its own: %s",
			spec->cgroup_fd < 0 ? "" : " and a cgroup",
			strerror((int)-pid));
	}
	l->pid = (pid_t)pid;
	return 0;
}

int launch_begin(struct launch *l, const struct container_spec *spec,
		 const int stdio[3], struct failure *failure)
{
	int r;

	*l = (struct launch){ .pid = -1, .pidfd = -1, .sync_fd = -1 };
	r = plan_create(&l->plan, spec, stdio, failure);
	if (r)
		return r;
	r = make_sockets(l, failure);
	if (!r)
		r = make_child(l, failure);
	if (r) {
		plan_rootfs_undo(l->plan);
		launch_end(l);
	}
	return r;
}

int launch_release(struct launch *l)
{
	if (!l->plan || l->plan->released)
		return -EALREADY;
	if (send(l->sync_fd, "", 1, MSG_NOSIGNAL) != 1)
		return -errno;
	l->plan->released = true;
	return 0;
}

static int finish(struct launch_plan *plan, int result)
{
	plan->finished = true;
	plan->result = result;
	return result;
}

/* The end of file, before or after the message that execve() comes next. */
static int ended(struct launch_plan *plan)
{
	if (plan->ready)
		return finish(plan, 1);
	return finish(
		plan,
		failed(&plan->error, EXIT_ENGINE,
		       "cannot run \"%s\": the process was killed before it came to that",
		       QUOTE(plan->spec->argv[0])));
}

/* What the socket holds, up to a failure or the end of file. */
static int receive(struct launch *l)
{
	struct launch_plan *plan = l->plan;
	struct launch_message message;
	ssize_t n;

	for (;;) {
		n = recv(l->sync_fd, &message, sizeof(message), MSG_DONTWAIT);
		/* Reset: it ended with the release unread, after its message. */
		if (n < 0 && (errno == EINTR || errno == ECONNRESET))
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n != sizeof(message))
			return ended(plan);
		if (message.stage != STAGE_READY)
			return finish(plan, launch_explain(plan, &message,
							   &plan->error));
		plan->ready = true;
	}
}

int launch_result(struct launch *l, struct failure *failure)
{
	int r;

	if (!l->plan)
		return failed(failure, EXIT_ENGINE, "no launch is under way");
	r = l->plan->finished ? l->plan->result : receive(l);
	if (r < 0)
		*failure = l->plan->error;
	return r;
}

void launch_end(struct launch *l)
{
	if (l->sync_fd >= 0)
		close(l->sync_fd);
	l->sync_fd = -1;
	plan_destroy(l->plan);
	l->plan = NULL;
}
