// SPDX-License-Identifier: GPL-2.0
/*
 * The container's root: a folder of the host, or a detached mount such as an overlay
 * (userland/overlay/).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "child.h"
#include "raw.h"

/* How many mounts on top of the host's "/" are removed; usually there are none. */
#define MOUNTS_ON_ROOT 64

/*
 * Make a detached copy of the mount that an open folder is in, starting at that folder.
 * Mounts below the folder are copied only if @root->recursive.
 */
static int clone_folder(const struct root_spec *root, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return (int)raw(SYS_open_tree, fd, "",
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
				(root->recursive ? AT_RECURSIVE : 0));
}

/* Open the root. After this, its path is used only in messages. */
static int open_root(const struct root_spec *root)
{
	int opened __cleanup_close = -1;
	int fd;

	if (root->is_mount) {
		fd = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);
		return fd < 0 ? -errno : fd;
	}
	if (root->fd >= 0)
		return clone_folder(root, root->fd);
	opened = open(root->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return opened < 0 ? -errno : clone_folder(root, opened);
}

/*
 * Mounts on the copy must not propagate to the original. So the root becomes shared, if
 * the spec says so, only after it is complete.
 */
static int set_root(int tree, const struct root_spec *root)
{
	const unsigned int flags = root->recursive ? AT_RECURSIVE : 0;
	unsigned long propagation = root->propagation;
	int r;

	if (propagation != MS_SLAVE)
		propagation = MS_PRIVATE;
	r = plan_set_tree(tree, root->attributes, 0, propagation, flags);
	if (!r && root->is_mapped)
		r = plan_map_as(tree, root->userns, flags);
	else if (!r && root->uids && root->gids)
		r = plan_idmap(tree, root->uids, root->gids, flags);
	return r;
}

int plan_rootfs(struct launch_plan *plan, struct failure *failure)
{
	const struct root_spec *root = &plan->spec->root;
	int r = open_root(root);

	if (r >= 0) {
		plan->root_tree = r;
		r = set_root(r, root);
	}
	if (r < 0)
		return failed(failure, EXIT_ENGINE,
			      "cannot use the root \"%s\": %s",
			      QUOTE(root->path), strerror(-r));
	return 0;
}

/* Make all mounts of the child's mount namespace private. */
int child_private(struct child *c)
{
	(void)c;
	return (int)raw(SYS_mount, NULL, "/", NULL,
			(unsigned long)(MS_REC | MS_PRIVATE), NULL);
}

int child_attach_root(struct child *c)
{
	c->root = c->plan->root_tree;
	return child_attach_at(c->root, c->scaffold, SCAFFOLD_ROOT);
}

/* Set propagation and read-only after all mounts in the root are attached. */
int child_finish_root(struct child *c)
{
	const struct root_spec *root = &c->plan->spec->root;
	unsigned long propagation = root->propagation;

	if (propagation != MS_SHARED && propagation != MS_UNBINDABLE)
		propagation = 0;
	return plan_set_tree(c->root, root->read_only ? MOUNT_ATTR_RDONLY : 0,
			     0, propagation, 0);
}

/*
 * Whether the container's root is the topmost mount on "/". "/.." leads to the topmost
 * mount there.
 */
static int is_on_top(const struct child *c)
{
	int top __cleanup_raw_close = (int)raw(SYS_openat, AT_FDCWD, "/..",
					       O_PATH | O_DIRECTORY | O_CLOEXEC,
					       0);

	return top < 0 ? top : child_is_same(top, c->root);
}

/*
 * If both arguments of pivot_root() are the same, it puts the old root on top of the new
 * one, so no folder for the old root is needed. Then unmount the old root with everything
 * in it. Mounts on top of the old root, such as the scaffold, are on top of both: unmount
 * them one by one.
 */
int child_pivot(struct child *c)
{
	int tries, top = 0;
	long r = raw(SYS_fchdir, c->root);

	if (!r)
		r = raw(SYS_pivot_root, ".", ".");
	for (tries = 0; !r && !top && tries < MOUNTS_ON_ROOT; tries++) {
		r = raw(SYS_umount2, ".", MNT_DETACH);
		top = r ? 0 : is_on_top(c);
	}
	if (!r && top <= 0)
		r = top ? top : -ELOOP;
	return r ? (int)r : (int)raw(SYS_chdir, "/");
}
