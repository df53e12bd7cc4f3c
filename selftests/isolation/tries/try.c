// SPDX-License-Identifier: GPL-2.0
/* Functions that many tries use. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "try.h"

const char *variable(const char *name)
{
	const char *value = getenv(name);

	if (value && *value)
		return value;
	fprintf(stderr, "tries: %s is not set\n", name);
	exit(2);
}

pid_t variable_pid(const char *name)
{
	return (pid_t)strtol(variable(name), NULL, 10);
}

int try_open(const struct attempt *t)
{
	int fd = open(t->path, (int)t->number | O_NONBLOCK | O_CLOEXEC);
	int r = result(fd);

	if (fd >= 0)
		close(fd);
	return r;
}

int try_read(const struct attempt *t)
{
	int fd = open(t->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char bytes[64];
	ssize_t i, n;
	int r = NOTHING;

	if (fd < 0)
		return -errno;
	n = read(fd, bytes, sizeof(bytes));
	if (n < 0)
		r = -errno;
	for (i = 0; i < n; i++)
		if (bytes[i])
			r = 0;
	close(fd);
	return r;
}

int try_chmod(const struct attempt *t)
{
	struct stat st;

	if (stat(t->path, &st))
		return -errno;
	return result(chmod(t->path, st.st_mode & 07777));
}

int try_create(const struct attempt *t)
{
	int folder = open(t->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd, r;

	if (folder < 0)
		return -errno;
	fd = openat(folder, "tries", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	r = result(fd);
	if (fd >= 0) {
		close(fd);
		unlinkat(folder, "tries", 0);
	}
	close(folder);
	return r;
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = result(write(fd, text, strlen(text)));
	close(fd);
	return r;
}

const char *proc_path(pid_t pid, const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return path;
}
