// SPDX-License-Identifier: GPL-2.0
/* Telling a service manager: with a path, with an abstract name, with nonsense. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/notify.h"
#include "tap.h"

static int listen_at(const char *name, size_t len)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, name, len);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at,
			   offsetof(struct sockaddr_un, sun_path) + len) < 0)
		bail("cannot listen: %s", strerror(errno));
	return fd;
}

static void heard(int fd, const char *want, const char *name)
{
	char text[64] = "";

	if (recv(fd, text, sizeof(text) - 1, 0) < 0)
		snprintf(text, sizeof(text), "errno %d", errno);
	is_str(text, want, "%s", name);
}

int main(void)
{
	char dir[] = "/tmp/notify.XXXXXX", path[64], name[64];
	char too_long[200] = "/";
	int fd;

	unsetenv("NOTIFY_SOCKET");
	is_int(notify_manager("READY=1"), 0,
	       "without a manager it does nothing");

	if (!mkdtemp(dir))
		bail("cannot make a folder: %s", strerror(errno));
	snprintf(path, sizeof(path), "%s/socket", dir);
	setenv("NOTIFY_SOCKET", path, 1);
	is_int(notify_manager("READY=1"), -ENOENT,
	       "nobody has made the socket");
	fd = listen_at(path, strlen(path));
	is_int(notify_manager("READY=1"), 0, "a socket with a path");
	heard(fd, "READY=1", "its manager hears the state");
	close(fd);
	unlink(path);
	rmdir(dir);

	snprintf(name, sizeof(name), "@purser-test-%d", getpid());
	setenv("NOTIFY_SOCKET", name, 1);
	name[0] = '\0';
	fd = listen_at(name, 1 + strlen(name + 1));
	is_int(notify_manager("STOPPING=1"), 0,
	       "a socket with an abstract name");
	heard(fd, "STOPPING=1", "its manager hears the state, too");
	close(fd);

	memset(too_long + 1, 'x', sizeof(too_long) - 2);
	setenv("NOTIFY_SOCKET", too_long, 1);
	is_int(notify_manager("READY=1"), -EINVAL, "a path that is too long");
	setenv("NOTIFY_SOCKET", "vsock:2:1", 1);
	is_int(notify_manager("READY=1"), -EINVAL, "what is no path");
	return tap_end();
}
