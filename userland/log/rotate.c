// SPDX-License-Identifier: GPL-2.0
#include "rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "names.h"

#define DRAFT ".new"

int log_open_file(const char *path, int flags)
{
	/* Non-blocking: nobody's FIFO may stop the thread that opens it. */
	int fd = open(path,
		      O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			      O_NOCTTY | O_NONBLOCK | flags,
		      0640);

	return fd < 0 ? -errno : fd;
}

/*
 * One file became too many by this rotation, and several where fewer are kept
 * than were before. What lies behind a gap is left to the next container's start,
 * which looks at all numbers.
 */
static void trim(const char *path, unsigned int max_files)
{
	for (unsigned int n = max_files;; n++) {
		__cleanup_free char *old = NULL;

		if (asprintf(&old, "%s.%u", path, n) < 0) {
			old = NULL;
			return;
		}
		if (unlink(old) < 0)
			return;
	}
}

int log_rotate(const char *path, unsigned int max_files)
{
	__cleanup_free char *draft = NULL;
	int fd __cleanup_close = -1;
	int err;

	if (asprintf(&draft, "%s" DRAFT, path) < 0) {
		draft = NULL;
		return -ENOMEM;
	}
	fd = log_open_file(draft, O_TRUNC);
	if (fd < 0)
		return fd;
	err = logfile_shift(path);
	/* Somebody has removed it: the new one has its place. */
	if (err == -ENOENT)
		err = 0;
	if (!err && rename(draft, path) < 0)
		err = -errno;
	if (err) {
		unlink(draft);
		return err;
	}
	trim(path, max_files);
	err = fd;
	fd = -1;
	return err;
}
