// SPDX-License-Identifier: GPL-2.0
/* Replacing a file, see metrics_file.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "metrics_file.h"

/* Other users read it, such as the one of the node exporter. */
#define MODE 0644

/* "FOLDER/.NAME.XXXXXX" for mkostemp(); NULL: out of memory */
static char *temporary_name(const char *path, char **folder)
{
	__cleanup_free char *copy = strdup(path);
	const char *slash = strrchr(path, '/');
	char *name;

	*folder = copy ? strdup(dirname(copy)) : NULL;
	if (!*folder || asprintf(&name, "%s/.%s.XXXXXX", *folder,
				 slash ? slash + 1 : path) < 0)
		return NULL;
	return name;
}

/* Write the text to the open file, and have it on the disk. */
static int fill(int fd, const char *text, size_t len)
{
	int err = file_write_all(fd, text, len);

	if (err)
		return err;
	if (fchmod(fd, MODE) < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

/* Have the new name of a file on the disk. */
static int sync_folder(const char *folder)
{
	__cleanup_close int fd = file_open(AT_FDCWD, folder,
					   O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fd;
	return fsync(fd) < 0 ? -errno : 0;
}

int metrics_file_replace(const char *path, const char *text, size_t len,
			 struct failure *failure)
{
	__cleanup_free char *folder = NULL;
	__cleanup_free char *name = temporary_name(path, &folder);
	__cleanup_close int fd = -1;
	int err;

	if (!name)
		return failed_errno(failure, -ENOMEM, "cannot write \"%s\"",
				    path);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return failed_errno(failure, -errno,
				    "cannot make a file in \"%s\"", folder);
	err = fill(fd, text, len);
	if (!err && rename(name, path) < 0)
		err = -errno;
	if (err) {
		unlink(name);
		return failed_errno(failure, err, "cannot write \"%s\"", path);
	}
	return failed_if(failure, sync_folder(folder),
			 "cannot write the folder \"%s\" to the disk", folder);
}
