// SPDX-License-Identifier: GPL-2.0
/*
 * abstract listen|connect NAME - use the abstract Unix socket NAME, which has no file
 *
 * "listen" prints "ready", then the uid of each client as the kernel gives it. "connect"
 * prints "connected" or the name of the errno.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int serve(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	puts("ready");
	fflush(stdout);
	for (;;) {
		int client = accept(fd, NULL, NULL);

		if (client < 0 ||
		    getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0)
			return 1;
		printf("uid %u\n", who.uid);
		fflush(stdout);
		close(client);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct sockaddr *to = (const struct sockaddr *)&address;
	socklen_t len;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc != 3 || strlen(argv[2]) > sizeof(address.sun_path) - 1 ||
	    fd < 0)
		return 2;
	/* A zero byte at the start makes the name abstract. */
	memcpy(address.sun_path + 1, argv[2], strlen(argv[2]));
	len = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(argv[2]);
	if (!strcmp(argv[1], "listen"))
		return bind(fd, to, len) < 0 || listen(fd, 8) < 0 ? 1 :
								    serve(fd);
	puts(connect(fd, to, len) < 0 ? strerrorname_np(errno) : "connected");
	return 0;
}
