// SPDX-License-Identifier: GPL-2.0
/*
 * Tries to mount, and to remove or change the masks over /proc and /sys, which are
 * mounts. Without the protection each try has its own mount namespace, which keeps its
 * mounts from the host.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "try.h"

static int make_mount(const struct attempt *t)
{
	if (mkdir("mount", 0700) && errno != EEXIST)
		return -errno;
	return result(mount("none", "mount", t->path, 0, NULL));
}

static int bind(const struct attempt *t)
{
	if (mkdir("bound", 0700) && errno != EEXIST)
		return -errno;
	return result(mount(t->path, "bound", NULL, MS_BIND, NULL));
}

/* Without the protection, make a read-only mount there as a container has it. */
static int cover(const char *path)
{
	if (!off)
		return 0;
	if (mount(path, path, NULL, MS_BIND, NULL))
		return -ENOTDIR;
	return mount("none", path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY,
		     NULL) ?
		       -ENOTDIR :
		       0;
}

static int make_writable(const struct attempt *t)
{
	int r = cover(t->path);

	return r ? r :
		   result(mount("none", t->path, NULL, MS_BIND | MS_REMOUNT,
				NULL));
}

static int uncover(const struct attempt *t)
{
	int r = cover(t->path);

	return r ? r : result(umount2(t->path, MNT_DETACH));
}

static int move(const struct attempt *t)
{
	int r = cover(t->path);

	if (r)
		return r;
	mkdir("moved", 0700);
	return result(mount(t->path, "moved", NULL, MS_MOVE, NULL));
}

CALL(share, mount("none", "/", NULL, MS_REC | MS_SHARED, NULL))

static int pivot(const struct attempt *t)
{
	(void)t;
	mkdir("root", 0700);
	/* A container is refused before the kernel looks at the arguments. */
	if (off &&
	    (mount("root", "root", NULL, MS_BIND, NULL) || chdir("root")))
		return -ENOTDIR;
	return result(syscall(SYS_pivot_root, ".", "."));
}

/* A copy of a mount without the mounts below it, which are the masks. */
static int copy_tree(const struct attempt *t)
{
	int fd = open_tree(AT_FDCWD, t->path,
			   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	return result(fd);
}

static int new_fs(const struct attempt *t)
{
	int fd = fsopen(t->path, FSOPEN_CLOEXEC);

	return result(fd);
}

CALL(config, fsconfig(fsopen("tmpfs", FSOPEN_CLOEXEC), FSCONFIG_CMD_CREATE,
		      NULL, NULL, 0))
CALL(pick, fspick(AT_FDCWD, "/proc", FSPICK_CLOEXEC))

/* If fsopen() is refused, fsmount() gets the descriptor -1, and must be refused too. */
static int detached(void)
{
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (fs >= 0)
		fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	return fsmount(fs, FSMOUNT_CLOEXEC, 0);
}

static int make_detached(const struct attempt *t)
{
	(void)t;
	return result(detached());
}

static int attach(const struct attempt *t)
{
	(void)t;
	mkdir("attached", 0700);
	return result(move_mount(detached(), "", AT_FDCWD, "attached",
				 MOVE_MOUNT_F_EMPTY_PATH));
}

static int set_attributes(const struct attempt *t)
{
	struct mount_attr attr = { .attr_clr = MOUNT_ATTR_RDONLY };
	int r = cover(t->path);

	return r ? r :
		   result(mount_setattr(AT_FDCWD, t->path, 0, &attr,
					sizeof(attr)));
}

const struct attempt mounts_tries[] = {
	TRY("mounting a tmpfs", make_mount, "EPERM", .path = "tmpfs"),
	TRY("mounting a proc without masks", make_mount, "EPERM",
	    .path = "proc"),
	TRY("mounting a writable sysfs", make_mount, "EPERM", .path = "sysfs"),
	TRY("mounting a devtmpfs with the host's devices", make_mount, "EPERM",
	    .path = "devtmpfs"),
	TRY("mounting the cgroups", make_mount, "EPERM", .path = "cgroup2"),
	TRY("mounting debugfs", make_mount, "EPERM", .path = "debugfs",
	    .lacks = "ENODEV"),
	TRY("mounting tracefs", make_mount, "EPERM", .path = "tracefs",
	    .lacks = "ENODEV"),
	TRY("mounting bpf", make_mount, "EPERM", .path = "bpf",
	    .lacks = "ENODEV"),
	TRY("binding /proc without masks", bind, "EPERM", .path = "/proc"),
	TRY("making /proc/sys writable", make_writable, "EPERM",
	    .path = "/proc/sys"),
	TRY("making /sys writable", make_writable, "EPERM", .path = "/sys"),
	TRY("making /sys writable by mount_setattr()", set_attributes, "EPERM",
	    .path = "/sys"),
	TRY("unmounting the mask of /proc/sys", uncover, "EPERM",
	    .path = "/proc/sys"),
	TRY("unmounting the mask of /sys/firmware", uncover, "EPERM",
	    .path = "/sys/firmware"),
	TRY("moving the mask of /proc/sys away", move, "EPERM",
	    .path = "/proc/sys"),
	TRY("sharing all mounts", share, "EPERM"),
	TRY("changing the root by pivot_root()", pivot, "EPERM"),
	TRY("copying /proc without masks", copy_tree, "EPERM", .path = "/proc"),
	TRY("fsopen() of proc", new_fs, "EPERM", .path = "proc"),
	TRY("fsconfig()", config, "EPERM"),
	TRY("fspick() of /proc", pick, "EPERM"),
	TRY("fsmount()", make_detached, "EPERM"),
	TRY("move_mount()", attach, "EPERM"),
	{ 0 },
};
