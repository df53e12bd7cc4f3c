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

const char *default_run_dir(void)
{
	const char *dir = getenv(RUN_DIR_VARIABLE);

	return dir && *dir ? dir : DEFAULT_RUN_DIR;
}

/* Create what is missing above the last component. */
static int make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		int err = 0;

		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err = -errno;
		*slash = '/';
		if (err)
			return err;
	}
	return 0;
}

int path_make_root(const char *path, mode_t mode, char **resolved)
{
	__cleanup_free char *copy = NULL;
	size_t len = strlen(path);
	int err;

	if (!len)
		return -ENOENT;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';

	err = make_parents(copy);
	if (err)
		return err;
	if (mkdir(copy, mode) < 0 && errno != EEXIST)
		return -errno;
	return path_resolve_dir(copy, resolved);
}

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
