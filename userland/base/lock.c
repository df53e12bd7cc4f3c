// SPDX-License-Identifier: GPL-2.0
/* The lock of a run directory, see lock.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
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
 * A record lock, which is of the process: that of flock(2) would be held on, when
 * its holder was killed, by a child that has not closed its descriptors yet.
 */
static int lock_file(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_SETLK, &whole) < 0)
		return errno == EACCES ? -EWOULDBLOCK : -errno;
	return 0;
}

/* A holder that ends removes the file: what was locked may be nobody's now. */
static bool is_current(int fd, const char *path)
{
	struct stat ours, there;

	return !fstat(fd, &ours) && !stat(path, &there) &&
	       same_file(&ours, &there);
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
		if (!is_current(fd, path))
			continue;
		err = write_holder(fd);
		if (err) {
			unlink(path);
			return err;
		}
		err = fd;
		fd = -1;
		return err;
	}
}

void lock_release(int fd, const char *path)
{
	unlink(path);
	close(fd);
}
