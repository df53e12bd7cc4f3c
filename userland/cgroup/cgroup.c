// SPDX-License-Identifier: GPL-2.0
/* A container's own cgroup, see cgroup.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "cgroup.h"

/* How long killed processes of an earlier container may take to exit. */
#define LEAVING_MS 1000

/* How often to remove the cgroups below one, if others go on making some. */
#define MAX_TURNS 8

void cgroup_init(struct cgroup *cgroup)
{
	*cgroup = (struct cgroup){ .fd = -1, .events.fd = -1 };
}

void cgroup_free(struct cgroup *cgroup)
{
	free(cgroup->path);
	cgroup->path = NULL;
}

/*
 * A container may have the name "memory.max". All files of a cgroup have a dot in their
 * names, and none begins with "_": the kernel's Documentation/admin-guide/cgroup-v2.rst
 * reserves that for this use. No container's name begins with "_" either.
 */
static char *make_path(const char *root, const char *name)
{
	if (!strchr(name, '.'))
		return path_join(root, name, "");
	return path_join(root, "_", name);
}

/* Whether processes are in the cgroup or below: 1, 0 or a negative errno. */
static int is_populated(int events_fd)
{
	static const char line[] = "populated 1\n";
	char text[256];
	ssize_t n = pread(events_fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return strstr(text, line) ? 1 : 0;
}

static int open_events(int folder)
{
	return file_open(folder, "cgroup.events", O_RDONLY);
}

/* Remove a cgroup and those below it, the lowest first. */
static int remove_one(int folder, const struct dirent *entry, void *arg)
{
	const char *name = entry->d_name;
	int err;

	if (entry->d_type != DT_DIR || !unlinkat(folder, name, AT_REMOVEDIR) ||
	    errno == ENOENT)
		return 0;
	err = path_each_entry(folder, name, remove_one, arg);
	if (!err && unlinkat(folder, name, AT_REMOVEDIR))
		err = -errno;
	return err == -ENOENT ? 0 : err;
}

/* Remove a cgroup without processes. -EBUSY: there are some again. */
static int remove_tree(const char *path, int fd)
{
	for (int turn = 0; turn < MAX_TURNS; turn++) {
		int err;

		/* Another supervisor may have removed it and made a new one. */
		if (!path_leads_to(path, fd))
			return 0;
		if (!rmdir(path) || errno == ENOENT)
			return 0;
		if (errno != EBUSY)
			return -errno;
		err = path_each_entry(fd, ".", remove_one, NULL);
		if (err && err != -EBUSY)
			return err;
	}
	return -EBUSY;
}

/*
 * The kernel's record of a container says that it has ended a moment before its processes
 * have left their cgroup. A start right then waits for that. It does not wait for
 * processes that do not exit.
 */
static int wait_until_left(int events_fd)
{
	struct pollfd p = { .fd = events_fd, .events = POLLPRI };
	int populated = is_populated(events_fd);

	while (populated > 0) {
		int n = poll(&p, 1, LEAVING_MS);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return -EBUSY;
		populated = is_populated(events_fd);
	}
	return populated;
}

static int open_cgroup(const char *path)
{
	return file_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
}

/* Whether the error says that the cgroup is gone, also if it was open. */
static bool is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

/* Wait until no processes are in the cgroup, then remove it if @remove is set. */
static int wait_left(const char *path, bool remove)
{
	int fd __cleanup_close = open_cgroup(path);
	int events __cleanup_close = fd < 0 ? fd : open_events(fd);
	int err = events < 0 ? events : wait_until_left(events);

	if (is_gone(err))
		return 0;
	return err || !remove ? err : remove_tree(path, fd);
}

int cgroup_wait_left(const char *path)
{
	return wait_left(path, false);
}

int cgroup_open(struct cgroup *cgroup, char *path)
{
	int fd = open_cgroup(path);

	if (fd < 0) {
		free(path);
		return fd;
	}
	cgroup->path = path;
	cgroup->fd = fd;
	return 0;
}

int cgroup_place(struct cgroup *cgroup, const struct cgroup_tree *tree,
		 const char *name)
{
	if (!tree->root)
		return 0;
	cgroup->path = make_path(tree->root, name);
	return cgroup->path ? 0 : -ENOMEM;
}

bool cgroup_is_named(const char *path, const char *name)
{
	__cleanup_free char *end = make_path("/", name);
	size_t len = strlen(path);
	size_t end_len = end ? strlen(end) : 0;
	struct statfs fs;

	return end && len > end_len && !strcmp(path + len - end_len, end) &&
	       !statfs(path, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

static int make_folder(const char *path)
{
	return mkdir(path, 0755) < 0 ? -errno : 0;
}

int cgroup_make(struct cgroup *cgroup, const struct cgroup_tree *tree)
{
	int err, again;

	if (!cgroup->path)
		return 0;
	err = make_folder(cgroup->path);
	if (err == -ENOENT || err == -EEXIST) {
		again = err == -ENOENT ? cgroup_tree_make(tree) :
					 wait_left(cgroup->path, true);
		err = again ? again : make_folder(cgroup->path);
	}
	if (err)
		return err;
	err = open_cgroup(cgroup->path);
	if (err >= 0) {
		cgroup->fd = err;
		return 0;
	}
	rmdir(cgroup->path);
	return err;
}

static int watch(struct cgroup *cgroup, struct loop *loop, loop_fn news)
{
	int fd, err;

	if (cgroup->events.fd >= 0)
		return 0;
	fd = open_events(cgroup->fd);
	if (fd < 0)
		return fd;
	err = loop_add(loop, &cgroup->events, fd, EPOLLPRI, news);
	if (err)
		close(fd);
	return err;
}

/* Do what cgroup_remove() does, but close nothing. */
static int try_remove(struct cgroup *cgroup, struct loop *loop, loop_fn news)
{
	int err = watch(cgroup, loop, news);

	/* Read the file after watching it, and again at each event: none is missed. */
	if (!err)
		err = is_populated(cgroup->events.fd);
	if (!err) {
		err = remove_tree(cgroup->path, cgroup->fd);
		if (err != -EBUSY)
			return err;
		err = is_populated(cgroup->events.fd);
		if (!err)
			return -EBUSY;
	}
	if (err > 0)
		err = file_write(cgroup->fd, "cgroup.kill", "1");
	return err ? err : -EINPROGRESS;
}

int cgroup_remove(struct cgroup *cgroup, struct loop *loop, loop_fn news)
{
	int err;

	if (cgroup->fd < 0)
		return 0;
	err = try_remove(cgroup, loop, news);
	if (err == -EINPROGRESS)
		return err;
	loop_close_source(loop, &cgroup->events);
	cleanup_close(&cgroup->fd);
	return is_gone(err) ? 0 : err;
}
