// SPDX-License-Identifier: GPL-2.0
/*
 * The keeper, see keeper.h. It shares memory with its parent for the report. Over a
 * socket, the keeper says that the process runs, and the parent asks for signals. The end
 * of file of the socket says that the report is complete.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/send_fds.h"
#include "keeper.h"
#include "launch/launch.h"

/** struct keeper_report - written by the keeper */
struct keeper_report {
	enum keeper_state state;
	int status;
	struct failure failure;
};

/** struct order - the parent asks for a signal */
struct order {
	int sig;
	bool group; /* for the process group */
};

/* The descriptors of the keeper while the process runs. */
enum {
	FD_PIDFD = 3,
	FD_SOCKET,
	FD_END,
};

static void move_fd(int from, int to)
{
	if (from != to)
		dup3(from, to, O_CLOEXEC);
}

/* Have none of the user's files open: their readers wait for the end of file. */
static void let_go(struct launch *l, int socket)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* Out of the way of the numbers below. */
	const int pidfd = fcntl(l->pidfd, F_DUPFD_CLOEXEC, FD_END);
	const int other = fcntl(socket, F_DUPFD_CLOEXEC, FD_END);

	launch_end(l);
	for (int fd = 0; fd < FD_PIDFD; fd++)
		move_fd(null, fd);
	move_fd(pidfd, FD_PIDFD);
	move_fd(other, FD_SOCKET);
	close_range(FD_END, ~0U, 0);
	l->pidfd = FD_PIDFD;
}

static int reap(struct launch *l)
{
	siginfo_t info = { 0 };

	while (waitid(P_PIDFD, l->pidfd, &info, WEXITED) && errno == EINTR)
		;
	return info.si_code == CLD_EXITED ? info.si_status :
					    128 + info.si_status;
}

/*
 * Wait for the end of the process. Until it is reaped, its PID is its own, and that of its
 * group: so the parent asks the keeper to send signals to the group. A shell can have left
 * its first group; then the process gets the signal.
 */
static void wait_for_end(const struct launch *l)
{
	struct pollfd p[] = {
		{ .fd = l->pidfd, .events = POLLIN },
		{ .fd = FD_SOCKET, .events = POLLIN },
	};
	struct order order;

	for (;;) {
		if (poll(p, 2, -1) < 0)
			continue;
		if (p[0].revents)
			return;
		if (recv(FD_SOCKET, &order, sizeof(order), MSG_DONTWAIT) !=
		    sizeof(order))
			p[1].fd = -1; /* the parent is gone */
		else if (!order.group || kill(-l->pid, order.sig) < 0)
			pidfd_send_signal(l->pidfd, order.sig, NULL, 0);
	}
}

/*
 * Wait for execve(). Returns an enum launch_state, or -1, also if the parent is gone or
 * asks for a signal: before execve() the process cannot handle any.
 */
static int wait_for_start(struct launch *l, int socket, struct failure *failure)
{
	struct pollfd p[] = {
		{ .fd = l->sync_fd, .events = POLLIN },
		{ .fd = socket, .events = POLLIN },
	};
	int r;

	while (!(r = launch_result(l, failure))) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return failed_errno(failure, -errno,
					    "waiting for the process");
		if (p[1].revents)
			return failed(failure, EXIT_ENGINE, "it was ended");
	}
	return r;
}

static int start(struct launch *l, int socket, struct failure *failure)
{
	int r = launch_release(l);

	/* -EPIPE: the process is dead, and launch_result() says why. */
	if (r && r != -EPIPE)
		return failed_errno(failure, r, "entering the container");
	return wait_for_start(l, socket, failure) < 0 ? -1 : 0;
}

/* If the parent is gone, it has no use for the terminal. */
static void hand_over(const struct launch *l, int socket)
{
	(void)send_fds(socket, "", 1, &l->terminal_fd, l->terminal_fd >= 0);
}

/* The keeper itself. @socket: its end of the socket */
static void keep(struct keeper_report *report, int socket,
		 const struct enter_spec *spec, const int stdio[3])
{
	struct launch l;

	setsid();
	report->state = KEEPER_FAILED;
	if (launch_enter(&l, spec, stdio, &report->failure))
		return;
	if (start(&l, socket, &report->failure)) {
		pidfd_send_signal(l.pidfd, SIGKILL, NULL, 0);
		reap(&l);
		return;
	}
	report->state = KEEPER_RUNS;
	hand_over(&l, socket);
	let_go(&l, socket);
	wait_for_end(&l);
	report->status = reap(&l);
	report->state = KEEPER_ENDED;
}

int keeper_begin(struct keeper *k, const struct enter_spec *spec,
		 const int stdio[3], struct failure *failure)
{
	void *report = mmap(NULL, sizeof(*k->report), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fds[2];

	*k = (struct keeper){ .socket = -1, .terminal = -1 };
	if (report == MAP_FAILED)
		return failed_errno(failure, -errno, "making memory to share");
	k->report = report;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return failed_errno(failure, -errno, "making a socket");
	k->socket = fds[0];
	fflush(NULL);
	k->pid = fork();
	if (!k->pid) {
		close(fds[0]);
		keep(k->report, fds[1], spec, stdio);
		_exit(0);
	}
	close(fds[1]);
	return k->pid < 0 ? failed_errno(failure, -errno, "making a process") :
			    0;
}

/* The keeper has ended; its report says the rest. */
static enum keeper_state finish(struct keeper *k, int *status,
				struct failure *failure)
{
	while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
		;
	switch (k->report->state) {
	case KEEPER_ENDED:
		*status = k->report->status;
		return KEEPER_ENDED;
	case KEEPER_FAILED:
		*failure = k->report->failure;
		return KEEPER_FAILED;
	default:
		failed(failure, EXIT_ENGINE,
		       "the process of engine that waits for the command was killed");
		return KEEPER_FAILED;
	}
}

enum keeper_state keeper_look(struct keeper *k, int *status,
			      struct failure *failure)
{
	int fds[SEND_FDS_MAX];
	ssize_t n;
	char byte;

	n = receive_fds(k->socket, &byte, sizeof(byte), fds);
	if (n == -EAGAIN || n == -EINTR)
		return k->runs ? KEEPER_RUNS : KEEPER_STARTING;
	if (n <= 0)
		return finish(k, status, failure);
	k->runs = true;
	k->terminal = fds[0];
	return KEEPER_RUNS;
}

void keeper_signal(const struct keeper *k, int sig, bool group)
{
	const struct order order = { sig, group };

	/* A process that has ended gets no signal. */
	(void)send(k->socket, &order, sizeof(order),
		   MSG_NOSIGNAL | MSG_DONTWAIT);
}

void keeper_end(struct keeper *k)
{
	cleanup_close(&k->socket);
	cleanup_close(&k->terminal);
	if (k->report)
		munmap(k->report, sizeof(*k->report));
	k->report = NULL;
}
