// SPDX-License-Identifier: GPL-2.0
/* listen PATH - listen on a Unix socket and never answer */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]));
	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)) ||
	    listen(fd, 16)) {
		perror(argv[1]);
		return 1;
	}
	puts("listening");
	fflush(stdout);
	for (;;)
		pause();
}
