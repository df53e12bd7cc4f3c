// SPDX-License-Identifier: GPL-2.0
/* A container's own cgroup, see cgroup.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cgroup.h"
#include "folder.h"
#include "mount.h"

/* How long killed processes of an earlier container may take to exit. */
#define LEAVING_MS 1000

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
 * Wait until no processes are in the cgroup, then remove it if @remove is set. The kernel's
 * record of a container says that it has ended a moment before its processes have left
 * their cgroup. A start right then waits for that. It does not wait for processes that do
 * not exit.
 */
static int wait_left(const char *path, bool remove)
{
	int fd __cleanup_close = cgroup_folder_open(path);
	int events __cleanup_close = fd < 0 ? fd : cgroup_events_open(fd);
	int err = events < 0 ? events :
			       cgroup_event_wait(events, "populated", false,
						 LEAVING_MS);

	if (cgroup_is_gone(err))
		return 0;
	return err || !remove ? err : cgroup_folder_remove(path, fd);
}

int cgroup_wait_left(const char *path)
{
	return wait_left(path, false);
}

int cgroup_open(struct cgroup *cgroup, char *path)
{
	int fd = cgroup_folder_open(path);

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
	cgroup->path = cgroup_folder_path(tree->root, name);
	return cgroup->path ? 0 : -ENOMEM;
}

bool cgroup_is_named(const char *path, const char *name)
{
	__cleanup_free char *end = cgroup_folder_path("/", name);
	size_t len = strlen(path);
	size_t end_len = end ? strlen(end) : 0;

	return end && len > end_len && !strcmp(path + len - end_len, end) &&
	       cgroup_is_v2(path);
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
	err = cgroup_folder_open(cgroup->path);
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
	fd = cgroup_events_open(cgroup->fd);
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
		err = cgroup_event(cgroup->events.fd, "populated");
	if (!err) {
		err = cgroup_folder_remove(cgroup->path, cgroup->fd);
		if (err != -EBUSY)
			return err;
		err = cgroup_event(cgroup->events.fd, "populated");
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
	return cgroup_is_gone(err) ? 0 : err;
}
