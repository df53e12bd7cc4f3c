// SPDX-License-Identifier: GPL-2.0
/*
 * The container's root: a folder of the host as it is, or an overlay of a base
 * folder with what the container writes kept in its state folder:
 *
 *	lower	empty on the host; the base is bound to it in the container's
 *		mount namespace, so that the options of the overlay need no path
 *		but these three names, whatever the host's paths contain
 *	upper	what the container has written
 *	work	the overlay's own
 *
 * Where what it writes is to have a bound, the three may be in a file system of
 * that size, which is in a file in the state folder, see image.c.
 *
 * Device nodes in the root do not work (nodev): who filled it may have put
 * there the disk of the host. /dev is a file system of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan.h"
#include "raw.h"

static const char *const state_folders[] = {
	STATE_LOWER,
	STATE_UPPER,
	STATE_WORK,
};

/* On the host's root; there are none as a rule. */
#define MOUNTS_ON_ROOT 64

#define N_STATE_FOLDERS (sizeof(state_folders) / sizeof(state_folders[0]))

static int refuse(const char *what, const char *path, int error,
		  struct failure *failure)
{
	return failed(failure, EXIT_ENGINE, "cannot use the %s \"%s\": %s",
		      what, QUOTE(path), strerror(-error));
}

/* The upper folder is the root that the container sees: as the base's is. */
static int copy_mode(int state, const char *name, const struct stat *base)
{
	if (fchownat(state, name, base->st_uid, base->st_gid,
		     AT_SYMLINK_NOFOLLOW))
		return -errno;
	return fchmodat(state, name, base->st_mode & 07777, 0) ? -errno : 0;
}

static void remove_folders(int state, size_t n)
{
	while (n--)
		unlinkat(state, state_folders[n], AT_REMOVEDIR);
}

static int make_folders(int state, const struct stat *base)
{
	size_t i;
	int r;

	for (i = 0; i < N_STATE_FOLDERS; i++) {
		if (mkdirat(state, state_folders[i], 0700)) {
			r = -errno;
			break;
		}
	}
	if (i == N_STATE_FOLDERS) {
		r = copy_mode(state, STATE_UPPER, base);
		if (!r)
			return 0;
	}
	remove_folders(state, i);
	return r;
}

/*
 * A copy of the mount that an open folder is in, beginning at that folder, with
 * nothing of what is mounted below it, and attached nowhere. What is mounted on
 * the copy must not show in the original, as it does where mounts are shared.
 */
static int clone_folder(int fd, uint64_t attributes, int *tree)
{
	struct mount_attr attr = {
		.attr_set = attributes,
		.propagation = MS_PRIVATE,
	};
	long r = raw(SYS_open_tree, fd, "",
		     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	if (r < 0)
		return (int)r;
	*tree = (int)r;
	return (int)raw(SYS_mount_setattr, *tree, "", AT_EMPTY_PATH, &attr,
			sizeof(attr));
}

/* Here the root's path is followed for the last time, if it is at all. */
static int plan_root(struct launch_plan *plan, struct stat *st)
{
	const struct container_spec *spec = plan->spec;
	const char *path = spec->overlay_lower ? spec->overlay_lower :
						 spec->rootfs;
	int opened __cleanup_close = -1;
	int fd = spec->root_fd;

	if (fd < 0) {
		opened = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		fd = opened;
	}
	if (fd < 0 || fstat(fd, st))
		return -errno;
	if (!S_ISDIR(st->st_mode))
		return -ENOTDIR;
	return clone_folder(fd, MOUNT_ATTR_NODEV, &plan->root_tree);
}

/* The same three, in a file system of a size that is in a file there. */
static int plan_image_state(struct launch_plan *plan, int state,
			    const struct stat *base)
{
	int tree = plan_image(state, plan->spec->image_bytes);
	int r;

	if (tree < 0)
		return tree;
	r = make_folders(tree, base);
	if (r) {
		close(tree);
		unlinkat(state, STATE_IMAGE, 0);
		return r;
	}
	plan->state_tree = tree;
	plan->made_state = true;
	return 0;
}

static int plan_state(struct launch_plan *plan, const struct stat *base)
{
	int state __cleanup_close = open(plan->spec->state_dir,
					 O_PATH | O_DIRECTORY | O_NOFOLLOW |
						 O_CLOEXEC);
	int r;

	if (state < 0)
		return -errno;
	if (plan->spec->image_bytes)
		return plan_image_state(plan, state, base);
	r = make_folders(state, base);
	if (r)
		return r;
	r = clone_folder(state, 0, &plan->state_tree);
	if (r)
		remove_folders(state, N_STATE_FOLDERS);
	else
		plan->made_state = true;
	return r;
}

int plan_rootfs(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	struct stat st;
	int r = plan_root(plan, &st);

	if (r && spec->overlay_lower)
		return refuse("base folder", spec->overlay_lower, r, failure);
	if (r)
		return refuse("root", spec->rootfs, r, failure);
	if (!spec->overlay_lower)
		return 0;
	r = plan_state(plan, &st);
	if (r == -EEXIST)
		return failed(
			failure, EXIT_ENGINE,
			"cannot use the state folder \"%s\": it holds an earlier container's files",
			QUOTE(spec->state_dir));
	return r ? refuse("state folder", spec->state_dir, r, failure) : 0;
}

void plan_rootfs_undo(struct launch_plan *plan)
{
	int state __cleanup_close = -1;

	if (!plan->made_state)
		return;
	state = open(plan->spec->state_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (state >= 0 && plan->spec->image_bytes)
		unlinkat(state, STATE_IMAGE, 0);
	else if (state >= 0)
		remove_folders(state, N_STATE_FOLDERS);
	plan->made_state = false;
}

void plan_rootfs_close(struct launch_plan *plan)
{
	cleanup_close(&plan->root_tree);
	cleanup_close(&plan->state_tree);
	plan->root_tree = -1;
	plan->state_tree = -1;
}

static int make_overlay(void)
{
	static const struct mount_option options[] = {
		{ "source", "overlay" },
		{ "lowerdir", STATE_LOWER },
		{ "upperdir", STATE_UPPER },
		{ "workdir", STATE_WORK },
	};

	return child_new_mount("overlay", options,
			       sizeof(options) / sizeof(options[0]),
			       MOUNT_ATTR_NODEV);
}

/* The working folder is its copy of the state folder then. */
static int overlay(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	long r = child_attach_at(plan->state_tree, c->scaffold, SCAFFOLD_STATE);

	if (!r)
		r = child_attach_at(plan->root_tree, plan->state_tree,
				    STATE_LOWER);
	if (!r)
		r = raw(SYS_fchdir, plan->state_tree);
	return r ? (int)r : make_overlay();
}

int child_attach_root(struct child *c)
{
	c->root = c->plan->spec->overlay_lower ? overlay(c) :
						 c->plan->root_tree;
	if (c->root < 0)
		return c->root;
	return child_attach_at(c->root, c->scaffold, SCAFFOLD_ROOT);
}

/*
 * Whether the root of all is on top of what is mounted there. ".." leads from "/"
 * to "/", and into what is mounted on it.
 */
static int is_on_top(const struct child *c)
{
	int top __cleanup_raw_close = (int)raw(SYS_openat, AT_FDCWD, "/..",
					       O_PATH | O_DIRECTORY | O_CLOEXEC,
					       0);

	return top < 0 ? top : child_is_same(top, c->root);
}

/*
 * pivot_root() puts the old root on top of the new one when both arguments are
 * the same, so no folder for it is needed; then it is taken away with all that
 * is mounted in it. What is mounted on the old root itself, as the scaffold is,
 * lies on top of both, and goes one by one.
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
