// SPDX-License-Identifier: GPL-2.0
/* The processes of a cgroup, see processes.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "processes.h"

/** struct list - PIDs that were found so far */
struct list {
	pid_t *pids;
	size_t n, room;
};

static int add(struct list *list, pid_t pid)
{
	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		pid_t *pids = reallocarray(list->pids, room, sizeof(*pids));

		if (!pids)
			return -ENOMEM;
		list->pids = pids;
		list->room = room;
	}
	list->pids[list->n++] = pid;
	return 0;
}

/* Those in one cgroup. A threaded one has none: its processes are those of one above. */
static int add_all(struct list *list, int folder)
{
	FILE *file __cleanup_fclose = file_stream(
		file_open(folder, "cgroup.procs", O_RDONLY));
	int err = 0, pid;

	if (!file)
		return -errno;
	/* 0: a process of another PID namespace */
	while (!err && fscanf(file, "%d", &pid) == 1)
		err = pid ? add(list, pid) : 0;
	if (!err && ferror(file) && errno != EOPNOTSUPP)
		err = -errno;
	return err;
}

/* Cgroups that are removed meanwhile have no processes. */
static int add_below(int above, const struct dirent *entry, void *arg)
{
	int folder __cleanup_close = -1;
	int err;

	if (entry->d_type != DT_DIR)
		return 0;
	folder = file_open(above, entry->d_name, O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	err = add_all(arg, folder);
	if (!err)
		err = path_each_entry(folder, ".", add_below, arg);
	return err == -ENOENT || err == -ENODEV ? 0 : err;
}

static int compare(const void *a, const void *b)
{
	const pid_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int cgroup_processes(int folder, pid_t **pids, size_t *n)
{
	struct list list = { 0 };
	int err = add_all(&list, folder);

	if (!err)
		err = path_each_entry(folder, ".", add_below, &list);
	if (err) {
		free(list.pids);
		return err;
	}
	if (list.n)
		qsort(list.pids, list.n, sizeof(*list.pids), compare);
	*n = 0;
	/* A process that moved meanwhile may be there twice. */
	for (size_t i = 0; i < list.n; i++) {
		if (!*n || list.pids[*n - 1] != list.pids[i])
			list.pids[(*n)++] = list.pids[i];
	}
	*pids = list.pids;
	return 0;
}
