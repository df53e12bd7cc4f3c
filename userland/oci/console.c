// SPDX-License-Identifier: GPL-2.0
/* Console sockets and PID files, see console.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/send_fds.h"
#include "console.h"

/* Connect by way of the folder: its path may be longer than an address. */
static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *slash = strrchr(path, '/');
	__cleanup_free char *dir = NULL;
	int folder __cleanup_close = -1;
	int fd __cleanup_close = -1;
	int n;

	dir = slash ? strndup(path, slash - path + 1) : strdup(".");
	if (!dir)
		return -ENOMEM;
	folder = file_open(AT_FDCWD, dir, O_PATH | O_DIRECTORY);
	if (folder < 0)
		return folder;
	n = snprintf(address.sun_path, sizeof(address.sun_path),
		     "/proc/self/fd/%d/%s", folder, slash ? slash + 1 : path);
	if (n >= (int)sizeof(address.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return take_fd(&fd);
}

int socket_send_fd(const char *path, int fd, const char *text,
		   struct failure *failure)
{
	int socket __cleanup_close = connect_to(path);
	int err;

	if (socket < 0)
		return failed_errno(failure, socket,
				    "connecting to the socket %s", path);
	err = send_fds(socket, text, strlen(text), &fd, 1);
	return err ? failed_errno(failure, err,
				  "sending a descriptor to the socket %s",
				  path) :
		     0;
}

int pid_file_write(const char *path, pid_t pid, struct failure *failure)
{
	__cleanup_free char *new = NULL;
	int fd __cleanup_close = -1;
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", pid);

	if (asprintf(&new, "%s.%d", path, getpid()) < 0) {
		new = NULL;
		return failed_errno(failure, -ENOMEM, "writing %s", path);
	}
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0 && write(fd, text, n) == n && !rename(new, path))
		return 0;
	failed_errno(failure, -errno, "writing the PID to %s", path);
	if (fd >= 0)
		unlink(new);
	return -1;
}
