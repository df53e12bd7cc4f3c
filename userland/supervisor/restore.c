// SPDX-License-Identifier: GPL-2.0
/* Run folders that somebody has removed, see restore.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "cgroup/processes.h"
#include "restore.h"
#include "run_folder.h"
#include "supervisor.h"

static bool exists(const char *path)
{
	return path && !access(path, F_OK);
}

/* Note the cgroup that has the container's name. */
static int note_cgroup(const struct container *c)
{
	struct cgroup cgroup;
	int err;

	cgroup_init(&cgroup);
	err = cgroup_place(&cgroup, &c->supervisor->cgroups, c->name);
	if (!err && exists(cgroup.path))
		err = run_folder_note(c->run_folder, RUN_FOLDER_CGROUP,
				      cgroup.path);
	cgroup_free(&cgroup);
	return err;
}

int container_restore_run_folder(struct container *c)
{
	int err;

	if (exists(c->run_folder) || errno != ENOENT)
		return 0;
	container_warning(c, 0, "somebody has removed %s: it is made again",
			  c->run_folder);
	err = run_folder_make(c->run_folder, false);
	if (!err && exists(c->layer.path))
		err = run_folder_note(c->run_folder, RUN_FOLDER_STATE,
				      c->layer.path);
	return err ? err : note_cgroup(c);
}

/** struct search - for the FIFOs among the descriptors of processes */
struct search {
	const char *run_folder;
	dev_t dev; /* of the file system of the run directory */
	int *fds;
};

/* The stream whose FIFO has this name, or -1. The kernel says that it was removed. */
static int stream_of(const struct search *search, const char *name)
{
	char want[PATH_MAX + 32];

	for (int i = 0; i < LOG_N_STREAMS; i++) {
		snprintf(want, sizeof(want), "%s/%s (deleted)",
			 search->run_folder, run_folder_fifo(i));
		if (!strcmp(name, want))
			return i;
	}
	return -1;
}

/*
 * A process of the container chooses what it has open, and in its own mounts the names of
 * that: take only a FIFO in the file system of the run directory. Nothing else is opened.
 */
static int open_fifo(const struct search *search, int folder, const char *fd)
{
	int found __cleanup_close = openat(folder, fd, O_PATH | O_CLOEXEC);
	char path[32];
	struct stat st;
	int opened;

	if (found < 0 || fstat(found, &st) || !S_ISFIFO(st.st_mode) ||
	    st.st_dev != search->dev)
		return -ENOENT;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
	opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return opened < 0 ? -errno : opened;
}

static int look_at_fd(int folder, const struct dirent *entry, void *arg)
{
	struct search *search = arg;
	char name[PATH_MAX];
	ssize_t n = readlinkat(folder, entry->d_name, name, sizeof(name) - 1);
	int stream;

	if (n < 0)
		return 0;
	name[n] = '\0';
	stream = stream_of(search, name);
	if (stream >= 0 && search->fds[stream] < 0)
		search->fds[stream] = open_fifo(search, folder, entry->d_name);
	return 0;
}

static void look_at_process(struct search *search, pid_t pid)
{
	char path[64];

	if (search->fds[LOG_STDOUT] >= 0 && search->fds[LOG_STDERR] >= 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	/* It may end meanwhile. */
	path_each_entry(AT_FDCWD, path, look_at_fd, search);
}

/* Returns a descriptor that reads as an empty FIFO without a writer. */
static int open_empty(void)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	close(fds[1]);
	return fds[0];
}

int container_find_fifos(const struct container *c, int fds[LOG_N_STREAMS])
{
	int found[LOG_N_STREAMS] = { -1, -1 };
	struct search search = { c->run_folder, 0, found };
	__cleanup_free pid_t *pids = NULL;
	struct stat st;
	size_t n = 0;

	if (stat(c->supervisor->run_folders, &st))
		return -errno;
	search.dev = st.st_dev;
	look_at_process(&search, c->init.pid);
	if (c->cgroup.fd >= 0)
		cgroup_processes(c->cgroup.fd, &pids, &n);
	for (size_t i = 0; i < n; i++)
		look_at_process(&search, pids[i]);
	if (found[LOG_STDOUT] < 0 && found[LOG_STDERR] < 0)
		return -ENOENT;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (found[i] < 0)
			found[i] = open_empty();
	}
	memcpy(fds, found, sizeof(found));
	return 0;
}
