// SPDX-License-Identifier: GPL-2.0
/* A container's own cgroup, see cgroup.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup.h"
#include "base/cleanup.h"
#include "base/paths.h"

/* How long the dead of an earlier container may take to leave. */
#define LEAVING_MS 1000

/* In how many turns cgroups are removed that others go on making. */
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
 * A container may be called "memory.max". All files of a cgroup have a dot in
 * their names and none begins with "_" (Documentation/admin-guide/cgroup-v2.rst
 * keeps that free for this use), nor does the name of a container.
 */
static char *make_path(const char *root, const char *name)
{
	if (!strchr(name, '.'))
		return path_join(root, name, "");
	return path_join(root, "_", name);
}

/* Processes in it or below: 1, 0 or a negative errno. */
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
	int fd = openat(folder, "cgroup.events", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Remove the cgroups in @folder, the lowest first; takes @folder over. */
static int remove_below(int folder)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;
	int err = 0;

	if (!dir) {
		close(folder);
		return -ENOMEM;
	}
	while (!err && (errno = 0, entry = readdir(dir))) {
		int fd;

		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, "..") ||
		    !unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) ||
		    errno == ENOENT)
			continue;
		fd = openat(dirfd(dir), entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			err = remove_below(fd);
		else if (errno != ENOENT)
			err = -errno;
		if (!err && unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) &&
		    errno != ENOENT)
			err = -errno;
	}
	closedir(dir);
	return err;
}

/* Another supervisor may have made a cgroup of this name after it was gone. */
static bool is_still(const char *path, int fd)
{
	struct stat here, there;

	return !fstat(fd, &here) && !stat(path, &there) &&
	       same_file(&here, &there);
}

/* Without processes. -EBUSY: there are some again. */
static int remove_tree(const char *path, int fd)
{
	int err = -EBUSY;
	int turn, below;

	for (turn = 0; err == -EBUSY && turn < MAX_TURNS; turn++) {
		if (!is_still(path, fd))
			return 0;
		if (!rmdir(path) || errno == ENOENT)
			return 0;
		err = -errno;
		if (err != -EBUSY)
			break;
		below = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below < 0)
			return -errno;
		err = remove_below(below);
		if (!err)
			err = -EBUSY;
	}
	return err;
}

/*
 * The kernel's record of a container says that it has ended a moment before its
 * processes have left their cgroup. Whoever starts the next one right then has
 * to wait for that, but not for processes that have no mind to end.
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
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Also where somebody else has removed it. */
static bool is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

static int wait_left(int fd)
{
	int events __cleanup_close = open_events(fd);

	return events < 0 ? events : wait_until_left(events);
}

int cgroup_wait_left(const char *path)
{
	int fd __cleanup_close = open_cgroup(path);
	int err = fd < 0 ? fd : wait_left(fd);

	return is_gone(err) ? 0 : err;
}

static int remove_leftover(const char *path)
{
	int fd __cleanup_close = open_cgroup(path);
	int err = fd < 0 ? fd : wait_left(fd);

	if (is_gone(err))
		return 0;
	return err ? err : remove_tree(path, fd);
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

int cgroup_make(struct cgroup *cgroup, const struct cgroup_tree *tree)
{
	int err;

	if (!cgroup->path)
		return 0;
	err = mkdir(cgroup->path, 0755) < 0 ? -errno : 0;
	if (err == -ENOENT) {
		err = cgroup_tree_make(tree);
		if (!err)
			err = mkdir(cgroup->path, 0755) < 0 ? -errno : 0;
	} else if (err == -EEXIST) {
		err = remove_leftover(cgroup->path);
		if (!err)
			err = mkdir(cgroup->path, 0755) < 0 ? -errno : 0;
	}
	if (err)
		return err;
	cgroup->fd = open_cgroup(cgroup->path);
	if (cgroup->fd >= 0)
		return 0;
	err = cgroup->fd;
	cgroup->fd = -1;
	rmdir(cgroup->path);
	return err;
}

static int kill_all(const struct cgroup *cgroup)
{
	int fd __cleanup_close = openat(cgroup->fd, "cgroup.kill",
					O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) < 0)
		return -errno;
	return 0;
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

/* As cgroup_remove(), but what it holds open stays so. */
static int try_remove(struct cgroup *cgroup, struct loop *loop, loop_fn news)
{
	int err = watch(cgroup, loop, news);

	/* Read after it is watched, and again on news: nothing is missed. */
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
		err = kill_all(cgroup);
	return err ? err : -EINPROGRESS;
}

static void stop_watching(struct cgroup *cgroup, struct loop *loop)
{
	int fd = cgroup->events.fd;

	loop_remove(loop, &cgroup->events);
	cleanup_close(&fd);
}

int cgroup_remove(struct cgroup *cgroup, struct loop *loop, loop_fn news)
{
	int err;

	if (cgroup->fd < 0)
		return 0;
	err = try_remove(cgroup, loop, news);
	if (err == -EINPROGRESS)
		return err;
	stop_watching(cgroup, loop);
	close(cgroup->fd);
	cgroup->fd = -1;
	return is_gone(err) ? 0 : err;
}
