// SPDX-License-Identifier: GPL-2.0
/*
 * receive SOCKET [tty|text]
 *
 * Listens at SOCKET, prints "ready", and waits for one descriptor, as the program that
 * calls an OCI runtime does. With "tty", which is the default, the descriptor is the master
 * of a terminal: its output is copied to stdout until the terminal has no process any more,
 * and stdin to it. With "text" the bytes that came with the descriptor are printed.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../workloads/workload.h"

static char text[65536];

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		fail("%s is too long", path);
	memcpy(address.sun_path, path, strlen(path));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 1))
		fail("cannot listen at %s", path);
	return fd;
}

/* The descriptor; the bytes that come with it are in text. */
static int receive(int connection)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { text, sizeof(text) - 1 };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	if (recvmsg(connection, &message, 0) < 0)
		fail("cannot receive");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		fail("no descriptor came");
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* Returns 0 at the end of @from. */
static int copy(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));

	return n > 0 && write(to, buf, n) == n;
}

static void serve(int tty)
{
	struct pollfd p[] = {
		{ .fd = tty, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	while (poll(p, 2, -1) > 0) {
		if (p[0].revents && !copy(tty, STDOUT_FILENO))
			return;
		if (p[1].revents && !copy(STDIN_FILENO, tty))
			p[1].fd = -1;
	}
}

int main(int argc, char **argv)
{
	int listener, connection, fd;

	if (argc < 2 || argc > 3)
		bad_usage("receive SOCKET [tty|text]");
	listener = listen_at(argv[1]);
	say("ready\n");
	connection = accept(listener, NULL, NULL);
	if (connection < 0)
		fail("cannot accept");
	fd = receive(connection);
	if (argc == 3 && !strcmp(argv[2], "text"))
		say("%s\n", text);
	else
		serve(fd);
	return 0;
}
