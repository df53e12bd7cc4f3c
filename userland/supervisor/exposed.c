// SPDX-License-Identifier: GPL-2.0
/*
 * Reaching into a container's root from outside, see exposed.h. A container cannot
 * be kept from making setuid programs, short of breaking package managers in it: its
 * root is root, and a mode is a mode for everybody who comes to the file.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "exposed.h"

/* With an ACL the group's bits are the most that it gives to anybody. */
static bool is_closed(const struct stat *st)
{
	return !st->st_uid && !(st->st_mode & (S_IXGRP | S_IXOTH));
}

bool exposed(int folder)
{
	int fd __cleanup_close = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	struct stat st, last = { 0 };
	struct statvfs fs;

	if (fd >= 0 && !fstatvfs(fd, &fs) && fs.f_flag & ST_NOSUID)
		return false;
	/* The parent of "/" is "/". */
	while (fd >= 0 && !fstat(fd, &st) &&
	       (st.st_dev != last.st_dev || st.st_ino != last.st_ino)) {
		int up;

		if (is_closed(&st))
			return false;
		last = st;
		up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = up;
	}
	/* Also where it could not be found out. */
	return true;
}
