// SPDX-License-Identifier: GPL-2.0
/* The terminal of a container, see terminal.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "terminal.h"

void terminal_leave(struct terminal *t)
{
	if (t->user >= 0)
		close(t->user);
	t->user = -1;
}

/* Give the user the master side, with one byte. */
static void send_master(struct terminal *t)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &t->master, sizeof(int));
	if (sendmsg(t->user, &message, MSG_NOSIGNAL) < 0)
		terminal_leave(t);
}

/* Stdin is a socket if there is a user, else it is the null device. */
static void find_user(struct terminal *t)
{
	int type;
	socklen_t len = sizeof(type);
	struct winsize size;

	if (getsockopt(0, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
		return;
	t->user = fcntl(0, F_DUPFD_CLOEXEC, 3);
	if (t->user < 0)
		return;
	if (recv(t->user, &size, sizeof(size), MSG_DONTWAIT) == sizeof(size))
		ioctl(t->master, TIOCSWINSZ, &size);
	send_master(t);
}

bool terminal_open(struct terminal *t)
{
	const int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
	int unlocked = 0, other;

	*t = (struct terminal){ .user = -1 };
	t->master = open("/dev/pts/ptmx", flags | O_NONBLOCK);
	if (t->master < 0 || ioctl(t->master, TIOCSPTLCK, &unlocked) < 0)
		return false;
	/* This opens the other side without a path. */
	other = ioctl(t->master, TIOCGPTPEER, flags);
	if (other < 0)
		return false;
	find_user(t);
	/* As long as this is open, reading the master side does not fail. */
	if (dup2(other, 0) < 0)
		return false;
	close(other);
	return true;
}

void terminal_take(void)
{
	setsid();
	ioctl(0, TIOCSCTTY, 0);
	dup2(0, 1);
	dup2(0, 2);
}

static bool is_temporary(ssize_t n)
{
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void take_output(struct terminal *t)
{
	ssize_t n = read(t->master, t->bytes, sizeof(t->bytes));

	if (n <= 0)
		return;
	t->len = n;
	t->logged = 0;
	t->shown = t->user < 0 ? t->len : 0;
}

static void write_log(struct terminal *t)
{
	ssize_t n = write(1, t->bytes + t->logged, t->len - t->logged);

	if (n > 0)
		t->logged += n;
	else if (!is_temporary(n))
		t->logged = t->len;
}

static void show(struct terminal *t)
{
	ssize_t n = send(t->user, t->bytes + t->shown, t->len - t->shown,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		t->shown += n;
	else if (!is_temporary(n))
		terminal_leave(t);
}

static bool is_empty(struct terminal *t)
{
	if (t->user < 0)
		t->shown = t->len;
	return t->logged == t->len && t->shown == t->len;
}

bool terminal_copy(struct terminal *t, int signals, bool wait)
{
	const bool empty = is_empty(t);
	struct pollfd p[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = empty ? t->master : -1, .events = POLLIN },
		{ .fd = t->logged < t->len ? 1 : -1, .events = POLLOUT },
		/* It also says that the user is gone. */
		{ .fd = t->user, .events = t->shown < t->len ? POLLOUT : 0 },
	};
	int n = poll(p, 4, !empty || wait ? -1 : 0);

	if (n < 0)
		return true;
	if (!n)
		return false;
	if (p[1].revents)
		take_output(t);
	if (p[2].revents)
		write_log(t);
	if (p[3].revents & (POLLHUP | POLLERR))
		terminal_leave(t);
	else if (p[3].revents)
		show(t);
	return true;
}
