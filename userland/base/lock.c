// SPDX-License-Identifier: GPL-2.0
/* The lock of a run directory, see lock.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "lock.h"
#include "paths.h"

static pid_t read_holder(int fd)
{
	char text[32];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	if (n <= 0)
		return 0;
	text[n] = '\0';
	pid = strtol(text, NULL, 10);
	return pid > 0 && pid <= INT_MAX ? pid : 0;
}

static int write_holder(int fd)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%d\n", getpid());

	if (ftruncate(fd, 0) < 0)
		return -errno;
	if (pwrite(fd, text, len, 0) != len)
		return errno ? -errno : -EIO;
	return 0;
}

/*
 * Take a record lock: it belongs to the process. A lock of flock(2) belongs to the open
 * file: when the holder is killed, a child that has not closed its descriptors yet would
 * still hold it.
 */
static int lock_file(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_SETLK, &whole) < 0)
		return errno == EACCES ? -EWOULDBLOCK : -errno;
	return 0;
}

int lock_take(const char *path, pid_t *holder)
{
	for (;;) {
		__cleanup_close int fd = -1;
		int err;

		*holder = 0;
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			  0600);
		if (fd < 0)
			return -errno;
		err = lock_file(fd);
		if (err == -EINTR)
			continue;
		if (err) {
			*holder = read_holder(fd);
			return err;
		}
		/* The holder that ended removes the file: lock a new one then. */
		if (!path_leads_to(path, fd))
			continue;
		err = write_holder(fd);
		if (err) {
			unlink(path);
			return err;
		}
		return take_fd(&fd);
	}
}

pid_t lock_holder(int folder, const char *path)
{
	__cleanup_close int fd = file_open(folder, path, O_RDONLY | O_NOFOLLOW);
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (fcntl(fd, F_GETLK, &whole) < 0)
		return -errno;
	return whole.l_type == F_UNLCK ? 0 : whole.l_pid;
}

void lock_release(int fd, const char *path)
{
	unlink(path);
	close(fd);
}
