// SPDX-License-Identifier: GPL-2.0
/*
 * The scaffold: a small tmpfs of the child, in which it assembles the container's root.
 * The child mounts it on top of the host's root in its own mount namespace. So no path
 * leads into it, and no other process can move files in it. The child unmounts it with
 * the host's root after pivot_root().
 *
 *	root	where the container's root is mounted
 *	mount	where proc and sysfs get their masks, before they are moved into the
 *		container's root
 *	null	a device node like /dev/null, which covers files
 *	empty	a folder, which covers folders
 *
 * The root cannot be assembled as a detached tree, because kernels before 6.15 refuse to
 * mount on a detached mount.
 */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "raw.h"

static const char *const folders[] = {
	SCAFFOLD_ROOT,
	SCAFFOLD_MOUNT,
	SCAFFOLD_EMPTY,
};

int child_clone_scaffold(struct child *c, const char *name)
{
	return (int)raw(SYS_open_tree, c->scaffold, name,
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				AT_SYMLINK_NOFOLLOW);
}

int child_scaffold(struct child *c)
{
	static const struct mount_option options[] = {
		{ "source", "tmpfs" },
		{ "mode", "0755" },
		{ "size", "64k" },
	};
	static const struct device_spec null = {
		.path = "/dev/null",
		.mode = S_IFCHR | 0666,
		.major = 1,
		.minor = 3,
	};
	size_t i;
	long r;

	c->scaffold = child_new_mount("tmpfs", options,
				      sizeof(options) / sizeof(options[0]),
				      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	if (c->scaffold < 0)
		return c->scaffold;
	r = child_attach_at(c->scaffold, AT_FDCWD, "/");
	for (i = 0; !r && i < sizeof(folders) / sizeof(folders[0]); i++)
		r = raw(SYS_mkdirat, c->scaffold, folders[i], 0755);
	if (!r)
		r = child_make_node(c, c->scaffold, SCAFFOLD_NULL, &null);
	/* What is cloned from a read-only mount is read-only: until child_masks() it is. */
	return (int)(r ? r :
			 child_set_attributes(c->scaffold, MOUNT_ATTR_RDONLY,
					      0));
}
