// SPDX-License-Identifier: GPL-2.0
/* The roots and the paths below them, see paths.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "paths.h"

int path_resolve_dir(const char *path, char **resolved)
{
	__cleanup_free char *real = realpath(path, NULL);
	struct stat st;

	if (!real)
		return -errno;
	if (stat(real, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	*resolved = real;
	real = NULL;
	return 0;
}

int path_list_dir(int folder, DIR **dir)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err;

	*dir = fd < 0 ? NULL : fdopendir(fd);
	if (*dir)
		return 0;
	err = -errno;
	cleanup_close(&fd);
	return err;
}

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
	*fd = dir;
	dir = -1;
	return 0;
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

void roots_free(struct roots *roots)
{
	free(roots->run);
	free(roots->state);
	free(roots->log);
	free(roots->base);
	memset(roots, 0, sizeof(*roots));
}
