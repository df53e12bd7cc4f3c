// SPDX-License-Identifier: GPL-2.0
/* The folder of one cgroup, see folder.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/paths.h"
#include "folder.h"

/* How often to go on when nothing can be removed, if others go on making cgroups. */
#define MAX_TURNS 8

/*
 * A container may have the name "memory.max". All files of a cgroup have a dot in their
 * names, and none begins with "_": the kernel's Documentation/admin-guide/cgroup-v2.rst
 * reserves that for this use. No container's name begins with "_" either.
 */
char *cgroup_folder_path(const char *root, const char *name)
{
	if (!strchr(name, '.'))
		return path_join(root, name, "");
	return path_join(root, "_", name);
}

int cgroup_folder_open(const char *path)
{
	return file_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
}

bool cgroup_is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

int cgroup_events_open(int folder)
{
	return file_open(folder, "cgroup.events", O_RDONLY);
}

int cgroup_event(int events, const char *key)
{
	char text[256], line[32];
	ssize_t n = pread(events, text, sizeof(text) - 1, 0);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	snprintf(line, sizeof(line), "%s 1\n", key);
	return strstr(text, line) ? 1 : 0;
}

int cgroup_event_wait(int events, const char *key, bool value, int ms)
{
	const int64_t end = clock_ns(CLOCK_MONOTONIC) + ms * NSEC_PER_MSEC;
	struct pollfd p = { .fd = events, .events = POLLPRI };

	for (;;) {
		int now = cgroup_event(events, key);
		int64_t left = end - clock_ns(CLOCK_MONOTONIC);

		if (now < 0 || now == value)
			return now < 0 ? now : 0;
		if (left <= 0)
			return -EBUSY;
		if (poll(&p, 1, left / NSEC_PER_MSEC + 1) < 0 && errno != EINTR)
			return -errno;
	}
}

/** struct pass - what became of the cgroups in one folder */
struct pass {
	char busy[NAME_MAX + 1]; /* one that could not be removed, or "" */
	bool removed;		 /* at least one was */
};

static int remove_one(int folder, const struct dirent *entry, void *arg)
{
	const char *name = entry->d_name;
	struct pass *pass = arg;

	if (entry->d_type != DT_DIR)
		return 0;
	if (!unlinkat(folder, name, AT_REMOVEDIR))
		pass->removed = true;
	else if (errno == EBUSY)
		snprintf(pass->busy, sizeof(pass->busy), "%s", name);
	else if (errno != ENOENT)
		return -errno;
	return 0;
}

/*
 * Remove all cgroups below an open one, the lowest first. A container can make them as
 * deep as it likes, so this uses as many descriptors and as much stack for any depth.
 */
static int remove_below(int top)
{
	int fd __cleanup_close = file_open(top, ".", O_RDONLY | O_DIRECTORY);
	int err = fd < 0 ? fd : 0;
	unsigned long depth = 0, turns = 0;

	while (!err) {
		struct pass pass = { .busy = "" };
		const char *to = pass.busy;
		int next;

		err = path_each_entry(fd, ".", remove_one, &pass);
		if (err)
			break;
		if (!*to && !depth)
			return 0;
		if (*to && !pass.removed && ++turns > MAX_TURNS + depth)
			return -EBUSY;
		if (pass.removed)
			turns = 0;
		depth += *to ? 1 : -1;
		next = file_open(fd, *to ? to : "..", O_RDONLY | O_DIRECTORY);
		if (next < 0)
			return next;
		close(fd);
		fd = next;
	}
	return err;
}

int cgroup_folder_remove(const char *path, int fd)
{
	for (int turn = 0; turn < MAX_TURNS; turn++) {
		int err;

		/* Another process may have removed it and made a new one. */
		if (!path_leads_to(path, fd))
			return 0;
		if (!rmdir(path) || errno == ENOENT)
			return 0;
		if (errno != EBUSY)
			return -errno;
		err = remove_below(fd);
		/* ENOENT: others remove cgroups there, too. */
		if (err && err != -EBUSY && err != -ENOENT)
			return err;
	}
	return -EBUSY;
}
