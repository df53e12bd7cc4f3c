// SPDX-License-Identifier: GPL-2.0
/*
 * Making device nodes and symbolic links, usually in the container's tmpfs on /dev. If
 * the caller may not make device nodes, the host's nodes are bound instead, read-only:
 * the devices work, but the container cannot change their inodes.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "child.h"
#include "raw.h"

#define BOUND (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)

static bool is_null(const struct device_spec *spec)
{
	return S_ISCHR(spec->mode) && spec->major == 1 && spec->minor == 3 &&
	       !strcmp(spec->path, "/dev/null");
}

static int check_node(const char *path, const char *what,
		      struct failure *failure)
{
	size_t len = path ? strlen(path) : 0;

	if (len && path[0] == '/' && path[len - 1] != '/' &&
	    !plan_path_is_root(path))
		return 0;
	return failed(
		failure, EXIT_ENGINE,
		"cannot make the %s \"%s\": it is not a path below the root",
		what, path ? QUOTE(path) : "");
}

static int plan_devices(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	size_t i;

	plan->devices = calloc(spec->n_devices + 1, sizeof(*plan->devices));
	if (!plan->devices)
		return no_memory(failure);
	for (i = 0; i < spec->n_devices; i++) {
		const struct device_spec *d = &spec->devices[i];
		struct target *target = &plan->devices[i];

		if (check_node(d->path, "device", failure))
			return -1;
		if (plan_target(plan, target, d->path, spec->n_mounts))
			return no_memory(failure);
		if (target->mount)
			target->mount->devices = true;
		if (is_null(d))
			plan->null = target;
	}
	return 0;
}

int plan_nodes(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	size_t i;

	if (plan_devices(plan, failure))
		return -1;
	plan->links = calloc(spec->n_links + 1, sizeof(*plan->links));
	if (!plan->links ||
	    plan_target(plan, &plan->console, "/dev/console", spec->n_mounts))
		return no_memory(failure);
	for (i = 0; i < spec->n_links; i++) {
		if (check_node(spec->links[i].path, "link", failure))
			return -1;
		if (plan_target(plan, &plan->links[i], spec->links[i].path,
				spec->n_mounts))
			return no_memory(failure);
	}
	return 0;
}

/* Check that a file is the node that @spec describes: 0 or -ENODEV. */
static int check_device(int fd, const struct device_spec *spec)
{
	struct stat st;
	int r = child_stat(fd, &st);

	if (r)
		return r;
	if ((st.st_mode & S_IFMT) != (spec->mode & S_IFMT) ||
	    (!S_ISFIFO(spec->mode) &&
	     st.st_rdev != makedev(spec->major, spec->minor)))
		return -ENODEV;
	return 0;
}

/* Bind the host's node, which is looked up from the host's "/". */
static int bind_node(struct child *c, int folder, const char *name,
		     const struct device_spec *spec)
{
	int tree __cleanup_raw_close = (int)raw(
		SYS_open_tree, c->host, spec->path + strspn(spec->path, "/"),
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
	long r = tree < 0 ? tree : child_set_attributes(tree, BOUND, 0);

	if (!r)
		r = check_device(tree, spec);
	if (!r)
		r = raw(SYS_mknodat, folder, name, S_IFREG | 0666, 0UL);
	return r ? (int)r : child_attach_at(tree, folder, name);
}

/* A file of that name exists in the image or in a mount of the host: check it. */
static int check_existing(int folder, const char *name,
			  const struct device_spec *spec)
{
	int fd __cleanup_raw_close = (int)raw(
		SYS_openat, folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);

	return fd < 0 ? fd : check_device(fd, spec);
}

static int own(int folder, const char *name, const struct device_spec *spec)
{
	if (!spec->uid && !spec->gid)
		return 0;
	return (int)raw(SYS_fchownat, folder, name, spec->uid, spec->gid,
			AT_SYMLINK_NOFOLLOW);
}

int child_make_node(struct child *c, int folder, const char *name,
		    const struct device_spec *spec)
{
	long r;

	raw(SYS_umask, 0);
	r = raw(SYS_mknodat, folder, name, spec->mode,
		(unsigned long)makedev(spec->major, spec->minor));
	if (r == -EPERM)
		r = bind_node(c, folder, name, spec);
	else if (r == -EEXIST)
		r = check_existing(folder, name, spec);
	else if (!r)
		r = own(folder, name, spec);
	raw(SYS_umask, 022);
	return (int)r;
}

int child_devices(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	int r;

	for (c->index = 0; c->index < spec->n_devices; c->index++) {
		const struct target *target = &c->plan->devices[c->index];
		const char *name;
		int folder __cleanup_raw_close = child_make_above(c, target,
								  &name);

		if (folder < 0)
			return folder;
		r = child_make_node(c, folder, name, &spec->devices[c->index]);
		if (r)
			return r;
	}
	return 0;
}

int child_links(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	long r;

	for (c->index = 0; c->index < spec->n_links; c->index++) {
		const struct target *target = &c->plan->links[c->index];
		const char *name;
		int folder __cleanup_raw_close = child_make_above(c, target,
								  &name);

		if (folder < 0)
			return folder;
		r = raw(SYS_symlinkat, spec->links[c->index].target, folder,
			name);
		if (r && r != -EEXIST)
			return (int)r;
	}
	return 0;
}

/* Check the file with O_PATH before opening it, because opening a device can have effects. */
static int open_null(int root, const char *path, uint64_t resolve)
{
	static const struct device_spec null = {
		.mode = S_IFCHR,
		.major = 1,
		.minor = 3,
	};
	int seen __cleanup_raw_close = child_open(root, path,
						  O_PATH | O_NOFOLLOW, resolve);
	int r = seen < 0 ? seen : check_device(seen, &null);
	int fd;

	if (r)
		return r;
	fd = child_open(root, path, O_RDWR | O_NOFOLLOW | O_NOCTTY, resolve);
	r = fd < 0 ? fd : check_device(fd, &null);
	if (!r)
		return fd;
	raw_close(fd);
	return r;
}

int child_open_null(struct child *c)
{
	const struct target *null = c->plan->null;

	if (!c->plan->spec)
		return open_null(c->root, "/dev/null", 0);
	if (!null)
		return open_null(c->scaffold, SCAFFOLD_NULL, 0);
	if (null->mount)
		return open_null(null->mount->tree, null->below,
				 RESOLVE_NO_SYMLINKS);
	return open_null(c->root, null->path, 0);
}
