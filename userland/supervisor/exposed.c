// SPDX-License-Identifier: GPL-2.0
/*
 * Whether users of the host can enter a container's root, see exposed.h. Containers may
 * make setuid programs, because package managers need that. Such a program is owned by
 * root, so it also runs as root for a user of the host who can reach it.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "exposed.h"

/* If there is an ACL, the group's bits are its mask: no entry gives more than that. */
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
	/* Every folder can be entered; or an error occurred. */
	return true;
}
