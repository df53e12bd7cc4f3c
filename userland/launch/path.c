// SPDX-License-Identifier: GPL-2.0
/*
 * Paths in the container's root. The root may have symbolic links anywhere. No lookup
 * leaves the root, and none follows the links in /proc to open files. The owner of the
 * root may rename files between two calls, so one lookup returns a descriptor, and all
 * later calls use that.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "child.h"
#include "raw.h"

bool plan_path_is_root(const char *path)
{
	return !path[strspn(path, "./")];
}

/* The part of @path after @above; NULL: @path is not below @above. */
static const char *part_in(const char *path, const char *above)
{
	size_t len;

	for (;;) {
		path += strspn(path, "/");
		above += strspn(above, "/");
		len = strcspn(above, "/");
		if (!len)
			return path;
		if (strcspn(path, "/") != len || strncmp(path, above, len))
			return NULL;
		path += len;
		above += len;
	}
}

bool plan_path_is_in(const char *path, const char *above)
{
	return part_in(path, above) != NULL;
}

/*
 * Find the last of the first @n_mounts mounts that @path is in: that one hides the
 * earlier ones. A path with ".." is not resolved here.
 */
int plan_target(struct launch_plan *plan, struct target *target,
		const char *path, size_t n_mounts)
{
	struct mount_plan *m;
	const char *below;

	*target = (struct target){ .path = strdup(path) };
	if (!target->path)
		return -ENOMEM;
	if (strstr(path, ".."))
		return 0;
	for (m = plan->mounts; m < plan->mounts + n_mounts; m++) {
		below = part_in(target->path, m->spec->target);
		/* A mount on the same target is mounted over the earlier one. */
		if (!below || !*below)
			continue;
		target->mount = m;
		target->below = target->path + (below - target->path);
	}
	return 0;
}

/* openat2() returns EAGAIN if another process renames folders at the same time. */
#define TRIES 64

int child_open(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	const struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = resolve | RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int tries = TRIES;
	long r;

	do {
		r = raw(SYS_openat2, root, path, &how, sizeof(how));
	} while (r == -EAGAIN && --tries);
	return (int)r;
}

static int make(int folder, const char *name, bool is_folder)
{
	long r;

	if (is_folder)
		r = raw(SYS_mkdirat, folder, name, 0755);
	else
		r = raw(SYS_mknodat, folder, name, S_IFREG | 0644, 0UL);
	return r == -EEXIST ? 0 : (int)r;
}

/* How many dangling symbolic links are followed, one after another. */
#define LINKS_MAX 8

static int make_path(int root, char *path, bool is_folder, uint64_t resolve,
		     int links);

/*
 * @name in the folder @parent is a dangling symbolic link: make its target. @path: begins
 * with the path of the folder; @rest: the path that follows @name
 */
static int make_behind(int root, int parent, const char *path, const char *name,
		       const char *rest, bool is_folder, uint64_t resolve,
		       int links)
{
	char way[PATH_MAX];
	size_t before = (size_t)(name - path), after = strlen(rest);
	size_t room = sizeof(way) - sizeof("/");
	long n;

	if (!links)
		return -ELOOP;
	if (before + after >= room)
		return -ENAMETOOLONG;
	memcpy(way, path, before);
	n = raw(SYS_readlinkat, parent, name, way + before, room - before);
	if (n < 0)
		return (int)n;
	if (before + (size_t)n + after >= room)
		return -ENAMETOOLONG;
	if (way[before] == '/') {
		memmove(way, way + before, (size_t)n);
		before = 0;
	}
	way[before + (size_t)n] = '/';
	memcpy(way + before + n + (after ? 1 : 0), rest, after + 1);
	return make_path(root, way, is_folder, resolve, links - 1);
}

/* Open "/" of a lookup. No link and no mount is in between, so the descriptor itself will do. */
static int open_start(int root)
{
	return (int)raw(SYS_fcntl, root, F_DUPFD_CLOEXEC, 0UL);
}

/*
 * Walk down @path, and make missing folders and the file. Each slash is replaced by a NUL
 * for a moment.
 */
static int make_path(int root, char *path, bool is_folder, uint64_t resolve,
		     int links)
{
	int parent __cleanup_raw_close = open_start(root);
	char *name, *end = path, cut;
	uint64_t flags;
	bool folder;
	int fd, r;

	while (parent >= 0) {
		name = end + strspn(end, "/");
		if (!*name)
			break;
		end = name + strcspn(name, "/");
		folder = is_folder || end[strspn(end, "/")];
		flags = O_PATH | (folder ? O_DIRECTORY : 0);
		cut = *end;
		*end = '\0';
		fd = child_open(root, path, flags, resolve);
		if (fd == -ENOENT) {
			r = make(parent, name, folder);
			fd = r ? r : child_open(root, path, flags, resolve);
		}
		if (fd == -ENOENT && !(resolve & RESOLVE_NO_SYMLINKS)) {
			fd = make_behind(root, parent, path, name,
					 cut ? end + 1 : end, is_folder,
					 resolve, links);
			*end = cut;
			return fd;
		}
		*end = cut;
		raw_close(parent);
		parent = fd;
	}
	fd = parent;
	parent = -1;
	return fd;
}

int child_make(int root, char *path, bool is_folder, uint64_t resolve)
{
	return make_path(root, path, is_folder, resolve, LINKS_MAX);
}

int child_open_target(const struct child *c, const struct target *target,
		      uint64_t flags, uint64_t resolve)
{
	if (target->mount)
		return child_open(target->mount->tree, target->below, flags,
				  resolve | RESOLVE_NO_SYMLINKS);
	return child_open(c->root, target->path, flags, resolve);
}

int child_make_target(const struct child *c, const struct target *target,
		      bool is_folder, uint64_t resolve)
{
	if (target->mount)
		return child_make(target->mount->tree, target->below, is_folder,
				  resolve | RESOLVE_NO_SYMLINKS);
	return child_make(c->root, target->path, is_folder, resolve);
}

int child_make_above(const struct child *c, const struct target *target,
		     const char **name)
{
	char *path = target->mount ? target->below : target->path;
	int root = target->mount ? target->mount->tree : c->root;
	uint64_t resolve = target->mount ? RESOLVE_NO_SYMLINKS : 0;
	char *slash = strrchr(path, '/');
	int fd;

	*name = slash ? slash + 1 : path;
	if (!slash || slash == path)
		return open_start(root);
	*slash = '\0';
	fd = child_make(root, path, true, resolve);
	*slash = '/';
	return fd;
}
