// SPDX-License-Identifier: GPL-2.0
/* Run folders of containers, see rundir.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "rundir.h"

static const char *const fifo_names[LOG_N_STREAMS] = {
	[LOG_STDOUT] = "stdout",
	[LOG_STDERR] = "stderr",
};

static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int make_fifos(const char *path)
{
	int folder __cleanup_close = open_folder(path);

	if (folder < 0)
		return folder;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (mkfifoat(folder, fifo_names[i], 0600) < 0)
			return -errno;
	}
	return 0;
}

int rundir_make(const char *path, bool fifos)
{
	int err = mkdir(path, 0700) < 0 ? -errno : 0;

	if (err == -EEXIST) {
		err = rundir_remove(path);
		if (!err && mkdir(path, 0700) < 0)
			err = -errno;
	}
	if (err || !fifos)
		return err;
	err = make_fifos(path);
	if (err)
		rundir_remove(path);
	return err;
}

int rundir_note(const char *path, const char *what, const char *target)
{
	__cleanup_free char *link = path_join(path, what, "");

	if (!link)
		return -ENOMEM;
	return symlink(target, link) < 0 ? -errno : 0;
}

int rundir_read(const char *path, const char *what, char **target)
{
	__cleanup_free char *link = path_join(path, what, "");
	char text[PATH_MAX];
	ssize_t n;

	if (!link)
		return -ENOMEM;
	n = readlink(link, text, sizeof(text));
	if (n < 0)
		return -errno;
	*target = strndup(text, n);
	return *target ? 0 : -ENOMEM;
}

int rundir_open(const char *path, int flags, int fds[LOG_N_STREAMS])
{
	int folder __cleanup_close = open_folder(path);
	int opened[LOG_N_STREAMS];

	if (folder < 0)
		return folder;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		opened[i] = openat(folder, fifo_names[i],
				   flags | O_NOFOLLOW | O_CLOEXEC);
		if (opened[i] < 0) {
			int err = -errno;

			while (i-- > 0)
				close(opened[i]);
			return err;
		}
	}
	memcpy(fds, opened, sizeof(opened));
	return 0;
}

/* 1: somebody has it open for reading, as containers have, 0, or an errno. */
static int is_used(int folder, const char *fifo)
{
	int fd __cleanup_close = openat(
		folder, fifo, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		return 1;
	return errno == ENXIO || errno == ENOENT ? 0 : -errno;
}

static int wait_unused(int folder, const char *fifo, int ms)
{
	struct pollfd p = { 0 };
	int used = is_used(folder, fifo);
	int n;

	if (used <= 0)
		return used;
	p.fd = openat(folder, fifo,
		      O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (p.fd < 0)
		return errno == ENOENT ? 0 : -errno;
	/* Nothing is asked for: a hang-up is told all the same. */
	do {
		n = poll(&p, 1, ms);
	} while (n < 0 && errno == EINTR);
	close(p.fd);
	/* Nor did it come where the last one left just before the open. */
	used = n ? 0 : is_used(folder, fifo);
	return used > 0 ? -EBUSY : used;
}

int rundir_wait_unused(const char *path, int ms)
{
	int folder __cleanup_close = open_folder(path);
	int err = 0;

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (int i = 0; !err && i < LOG_N_STREAMS; i++)
		err = wait_unused(folder, fifo_names[i], ms);
	return err;
}

int rundir_remove(const char *path)
{
	int folder __cleanup_close = open_folder(path);
	const char *const names[] = { fifo_names[0], fifo_names[1],
				      RUNDIR_STATE, RUNDIR_CGROUP };

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (unlinkat(folder, names[i], 0) < 0 && errno != ENOENT)
			return -errno;
	}
	return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}
