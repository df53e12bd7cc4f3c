// SPDX-License-Identifier: GPL-2.0
/* Paths and folders, see paths.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "paths.h"

int path_of_fd(int fd, char **path)
{
	char link[64], name[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, name, sizeof(name));
	if (n < 0)
		return -errno;
	if ((size_t)n == sizeof(name))
		return -ENAMETOOLONG;
	*path = strndup(name, n);
	return *path ? 0 : -ENOMEM;
}

int path_open_dir(const char *path, int *fd, char **resolved)
{
	int dir __cleanup_close = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int err = dir < 0 ? -errno : path_of_fd(dir, resolved);

	if (err)
		return err;
	*fd = take_fd(&dir);
	return 0;
}

bool path_leads_to(const char *path, int fd)
{
	struct stat here, there;

	return !fstat(fd, &here) && !stat(path, &there) &&
	       same_file(&here, &there);
}

bool path_climb(int *fd, struct stat *st)
{
	struct stat here;
	int up;

	if (fstat(*fd, &here))
		return false;
	up = openat(*fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (up < 0)
		return false;
	close(*fd);
	*fd = up;
	/* The parent of "/" is "/". */
	return !fstat(up, st) && !same_file(st, &here);
}

int path_each_entry(int parent, const char *path,
		    int (*fn)(int folder, const struct dirent *entry,
			      void *arg),
		    void *arg)
{
	int fd __cleanup_close = file_open(parent, path,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir)
		return -errno;
	take_fd(&fd);
	while (!ret && (errno = 0, entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			ret = fn(dirfd(dir), entry, arg);
	}
	if (!ret)
		ret = -errno;
	closedir(dir);
	return ret;
}

int path_absolute(const char *path, char **absolute)
{
	__cleanup_free char *cwd = NULL;

	if (path[0] == '/') {
		*absolute = strdup(path);
	} else {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return -errno;
		*absolute = path_join(cwd, path, "");
	}
	return *absolute ? 0 : -ENOMEM;
}

char *path_join(const char *dir, const char *name, const char *suffix)
{
	char *path;

	if (asprintf(&path, "%s/%s%s", strcmp(dir, "/") ? dir : "", name,
		     suffix) < 0)
		return NULL;
	return path;
}
