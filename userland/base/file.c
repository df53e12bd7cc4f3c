// SPDX-License-Identifier: LGPL-2.1
/* Opening, reading and writing files, see file.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"

int file_open(int folder, const char *path, int flags)
{
	int fd = openat(folder, path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

FILE *file_stream(int fd)
{
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int err = fd < 0 ? -fd : errno;

	if (!file && fd >= 0)
		close(fd);
	if (!file)
		errno = err;
	return file;
}

ssize_t file_read(int folder, const char *path, char *text, size_t room)
{
	int fd __cleanup_close = file_open(folder, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, text, room);
	if (n < 0)
		return -errno;
	if ((size_t)n == room)
		return -E2BIG;
	if (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return n;
}

int file_write(int folder, const char *path, const char *text)
{
	int fd __cleanup_close = file_open(folder, path, O_WRONLY);

	if (fd < 0)
		return fd;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

int file_write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return 0;
}
