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
 * Device nodes in the root do not work (nodev): who filled it may have put
 * there the disk of the host. /dev is a file system of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "plan.h"
#include "raw.h"

static const char *const state_folders[] = {
	STATE_LOWER, STATE_UPPER, STATE_WORK,
};

#define N_STATE_FOLDERS (sizeof(state_folders) / sizeof(state_folders[0]))

static int check_folder(const char *what, const char *path, struct stat *st,
			struct launch_error *err)
{
	int r = stat(path, st) ? -errno : 0;

	if (!r && !S_ISDIR(st->st_mode))
		r = -ENOTDIR;
	if (!r)
		return 0;
	return launch_fail(err, 125, r, "cannot use the %s \"%s\": %s", what,
			   QUOTE(path), strerror(-r));
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

int plan_rootfs(struct launch_plan *plan, struct launch_error *err)
{
	const struct container_spec *spec = plan->spec;
	int state __cleanup_close = -1;
	struct stat st;
	int r;

	if (!spec->overlay_lower)
		return check_folder("root", spec->rootfs, &st, err);
	r = check_folder("base folder", spec->overlay_lower, &st, err);
	if (r)
		return r;
	state = open(spec->state_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	r = state < 0 ? -errno : make_folders(state, &st);
	if (r == -EEXIST)
		return launch_fail(err, 125, r,
				   "cannot use the state folder \"%s\": it holds an earlier container's files",
				   QUOTE(spec->state_dir));
	if (r)
		return launch_fail(err, 125, r,
				   "cannot use the state folder \"%s\": %s",
				   QUOTE(spec->state_dir), strerror(-r));
	plan->made_state = true;
	return 0;
}

void plan_rootfs_undo(struct launch_plan *plan)
{
	int state __cleanup_close = -1;

	if (!plan->made_state)
		return;
	state = open(plan->spec->state_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (state >= 0)
		remove_folders(state, N_STATE_FOLDERS);
	plan->made_state = false;
}

/* A copy of the mounts at @path, attached nowhere. */
static int clone_tree(const char *path, unsigned int flags)
{
	return (int)raw(SYS_open_tree, AT_FDCWD, path,
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

static int attach(int tree, const char *path)
{
	return (int)raw(SYS_move_mount, tree, "", AT_FDCWD, path,
			MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
}

static int attach_folder(struct child *c)
{
	const char *rootfs = c->plan->spec->rootfs;
	int r;

	c->root = clone_tree(rootfs, AT_RECURSIVE);
	if (c->root < 0)
		return c->root;
	r = child_set_attributes(c->root, MOUNT_ATTR_NODEV, AT_RECURSIVE);
	return r ? r : attach(c->root, rootfs);
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

static int attach_overlay(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	int base __cleanup_raw_close = clone_tree(spec->overlay_lower, 0);
	long r;

	if (base < 0)
		return base;
	r = raw(SYS_chdir, spec->state_dir);
	if (!r)
		r = attach(base, STATE_LOWER);
	if (r)
		return (int)r;
	c->root = make_overlay();
	if (c->root < 0)
		return c->root;
	/* Any place will do; this one is hidden in this namespace alone. */
	return attach(c->root, ".");
}

int child_attach_root(struct child *c)
{
	return c->plan->spec->overlay_lower ? attach_overlay(c) :
					      attach_folder(c);
}

/*
 * pivot_root() puts the old root on top of the new one when both arguments are
 * the same, so no folder for it is needed; then it is taken away with all that
 * is mounted in it.
 */
int child_pivot(struct child *c)
{
	long r = raw(SYS_fchdir, c->root);

	if (!r)
		r = raw(SYS_pivot_root, ".", ".");
	if (!r)
		r = raw(SYS_umount2, ".", MNT_DETACH);
	if (!r)
		r = raw(SYS_chdir, "/");
	raw_close(c->root);
	c->root = -1;
	return (int)r;
}
