// SPDX-License-Identifier: GPL-2.0
/*
 * The steps of a launch, in the parent. Parent and child share memory with the report
 * (struct launch_report), and a pair of sequenced-packet sockets:
 *
 *	parent  ->  one byte: go on; a second one if the launch is paused
 *	child   ->  struct launch_message: it waits, or it sends a descriptor
 *
 * Both ends are close-on-exec. So the parent's end of file says that the report is
 * complete: execve() has succeeded, or the child has failed or was killed. The child's
 * end of file says that all processes that could release it are dead.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clone.h"
#include "launch.h"
#include "message.h"

static int make_sockets(struct launch *l, struct failure *failure)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return failed(failure, EXIT_ENGINE,
			      "cannot make the socket of a launch: %s",
			      strerror(errno));
	l->sync_fd = fds[0];
	l->plan->child_sync = fds[1];
	return 0;
}

static int begin(struct launch *l, struct failure *failure)
{
	if (!make_sockets(l, failure) &&
	    !clone_child(l->plan, &l->pid, &l->pidfd, failure))
		return 0;
	launch_end(l);
	return -1;
}

static void launch_init(struct launch *l)
{
	*l = (struct launch){
		.pid = -1,
		.pidfd = -1,
		.sync_fd = -1,
		.terminal_fd = -1,
		.notify_fd = -1,
	};
}

int launch_begin(struct launch *l, const struct container_spec *spec,
		 const int stdio[3], struct failure *failure)
{
	launch_init(l);
	if (plan_create(&l->plan, spec, stdio, failure))
		return -1;
	return begin(l, failure);
}

int launch_enter(struct launch *l, const struct enter_spec *spec,
		 const int stdio[3], struct failure *failure)
{
	launch_init(l);
	if (plan_create_enter(&l->plan, spec, stdio, failure))
		return -1;
	return begin(l, failure);
}

int launch_release_fd(int sync_fd)
{
	return send(sync_fd, "", 1, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

int launch_release(struct launch *l)
{
	int r;

	if (!l->plan || l->plan->released)
		return -EALREADY;
	r = launch_release_fd(l->sync_fd);
	l->plan->released = !r;
	return r;
}

int launch_continue(struct launch *l)
{
	int r;

	if (!l->plan || l->plan->state != LAUNCH_PAUSED)
		return -EINVAL;
	r = launch_release_fd(l->sync_fd);
	if (!r)
		l->plan->state = LAUNCH_NO_NEWS;
	return r;
}

static void take_message(struct launch *l, enum message_kind kind, int fd)
{
	switch (kind) {
	case MESSAGE_PAUSED:
		l->plan->state = LAUNCH_PAUSED;
		break;
	case MESSAGE_WAITING:
		l->plan->state = LAUNCH_WAITS;
		break;
	case MESSAGE_TERMINAL:
		l->terminal_fd = fd;
		break;
	case MESSAGE_NOTIFY:
		l->notify_fd = fd;
		break;
	case MESSAGE_REPORT:
		/* Only the one who opens a gate is sent this. */
		break;
	}
}

static int finish(struct launch_plan *plan)
{
	plan->finished = true;
	plan->result = plan->report->stage == STAGE_READY ?
			       LAUNCH_RUNS :
			       launch_explain(plan, &plan->error);
	return plan->result;
}

/* Read all messages, up to the notify descriptor or the end of file. */
static int receive(struct launch *l)
{
	struct launch_plan *plan = l->plan;
	struct launch_message message;
	ssize_t n;

	for (;;) {
		int fd = -1;

		n = message_receive(l->sync_fd, &message, &fd);
		/* ECONNRESET: the child died before it read the release. */
		if (n == -EINTR || n == -ECONNRESET)
			continue;
		if (n == -EAGAIN)
			return plan->state;
		if (n != sizeof(message))
			return finish(plan);
		take_message(l, message.kind, fd);
		/* The result may have come, too: the caller hears of the descriptor first. */
		if (message.kind == MESSAGE_NOTIFY)
			return plan->state;
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
