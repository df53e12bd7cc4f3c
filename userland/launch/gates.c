// SPDX-License-Identifier: GPL-2.0
/*
 * The two gates of a launch. At the gate "registered", the child reads a byte from its
 * sync socket. At an end of file it exits, because all processes that could have sent the
 * byte are dead. A child that is paused waits in the same way, see pause.c.
 *
 * The start gate is a listening socket with a name. A process opens the gate by
 * connecting to it. The child sends it the memory file with the report. The connection
 * ends at execve() or with the child; then the report says whether the start succeeded.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "child.h"
#include "launch.h"
#include "message.h"
#include "raw.h"

#define NAME_MAX_AT_GATE 64

void child_wait_for_parent(struct child *c)
{
	char byte;
	long r;

	do {
		r = raw(SYS_recvfrom, c->plan->child_sync, &byte, sizeof(byte),
			0, NULL, NULL);
	} while (r == -EINTR);
	if (r != 1)
		for (;;)
			raw(SYS_exit_group, EXIT_ENGINE);
}

int child_wait_for_start(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	long r;

	if (plan->gate < 0)
		return 0;
	/* Ignore an error: the process that began the launch may have exited. */
	message_send(plan->child_sync, MESSAGE_WAITING, -1, NULL);
	do {
		r = raw(SYS_accept4, plan->gate, NULL, NULL, SOCK_CLOEXEC);
	} while (r == -EINTR || r == -ECONNABORTED);
	if (r < 0)
		return (int)r;
	/* Closing the listening socket ends a second connection at once. */
	raw_close(plan->gate);
	message_send((int)r, MESSAGE_REPORT, plan->report_fd, NULL);
	c->starter = (int)r;
	return 0;
}

static int address(struct sockaddr_un *a, int folder, const char *name,
		   struct failure *failure)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(name) > NAME_MAX_AT_GATE || strchr(name, '/'))
		return failed(failure, EXIT_ENGINE,
			      "\"%s\" cannot be the name of a start gate",
			      QUOTE(name));
	/* The folder's own path may be too long for an address. */
	snprintf(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/%s",
		 folder, name);
	return 0;
}

int launch_gate_make(int folder, const char *name, struct failure *failure)
{
	int fd __cleanup_close = -1;
	struct sockaddr_un a;
	int r;

	if (address(&a, folder, name, failure))
		return -1;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	/* bind() gives the mode of the socket to its name. */
	if (fd < 0 || fchmod(fd, 0600) ||
	    bind(fd, (const struct sockaddr *)&a, sizeof(a)) || listen(fd, 8))
		return failed(failure, EXIT_ENGINE,
			      "cannot make the start gate \"%s\": %s",
			      QUOTE(name), strerror(errno));
	r = fd;
	fd = -1;
	return r;
}

int launch_gate_open(struct launch_gate *gate, int folder, const char *name,
		     struct failure *failure)
{
	struct sockaddr_un a;

	*gate = (struct launch_gate){ .fd = -1, .report = -1, .notify_fd = -1 };
	if (address(&a, folder, name, failure))
		return -1;
	gate->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (gate->fd >= 0 &&
	    !connect(gate->fd, (const struct sockaddr *)&a, sizeof(a)))
		return 0;
	failed(failure, EXIT_ENGINE, "no process waits to be started%s%s",
	       errno == ECONNREFUSED || errno == ENOENT ? "" : ": ",
	       errno == ECONNREFUSED || errno == ENOENT ? "" : strerror(errno));
	launch_gate_close(gate);
	return -1;
}

/* The connection has ended: read the result of the start. */
static int read_report(const struct launch_gate *gate, struct failure *failure)
{
	struct launch_report report;

	if (gate->report < 0)
		return failed(
			failure, EXIT_ENGINE,
			"no process waits to be started: it has ended, or was started before");
	if (pread(gate->report, &report, sizeof(report), 0) != sizeof(report))
		return failed(failure, EXIT_ENGINE,
			      "cannot read what became of the start: %s",
			      strerror(errno));
	report.id[sizeof(report.id) - 1] = '\0';
	report.command[sizeof(report.command) - 1] = '\0';
	if (report.stage == STAGE_READY)
		return LAUNCH_RUNS;
	return launch_explain_late(&report, failure);
}

int launch_gate_result(struct launch_gate *gate, struct failure *failure)
{
	struct launch_message message;
	ssize_t n;

	for (;;) {
		int fd = -1;

		n = message_receive(gate->fd, &message, &fd);
		if (n == -EINTR)
			continue;
		if (n == -EAGAIN)
			return LAUNCH_NO_NEWS;
		if (n != sizeof(message))
			return read_report(gate, failure);
		if (message.kind == MESSAGE_NOTIFY) {
			gate->notify_fd = fd;
			return LAUNCH_NO_NEWS;
		}
		cleanup_close(&gate->report);
		gate->report = fd;
	}
}

void launch_gate_close(struct launch_gate *gate)
{
	cleanup_close(&gate->fd);
	cleanup_close(&gate->report);
}
