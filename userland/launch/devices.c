// SPDX-License-Identifier: GPL-2.0
/*
 * The nodes and links of a minimal /dev, in the tmpfs that the container's
 * mounts put there. Where the supervisor may not make device nodes, the host's
 * are bound instead, read-only.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "plan.h"
#include "raw.h"

static const struct {
	const char *name;
	unsigned int major, minor;
} devices[] = {
	{ "null", 1, 3 },   { "zero", 1, 5 },	 { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

_Static_assert(sizeof(devices) / sizeof(devices[0]) == N_DEVICES,
	       "plan.h and the table of devices agree");

static const struct {
	const char *name;
	const char *target;
} links[] = {
	{ "ptmx", "pts/ptmx" },		 { "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },	 { "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

/* Read-only: the device works all the same, but its inode cannot be changed. */
#define BOUND (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)

static bool is_device(int fd, size_t i)
{
	struct statx st;

	return !raw(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_TYPE, &st) &&
	       S_ISCHR(st.stx_mode) && st.stx_rdev_major == devices[i].major &&
	       st.stx_rdev_minor == devices[i].minor;
}

static int clone_host_device(int folder, size_t i)
{
	int tree = (int)raw(SYS_open_tree, folder, devices[i].name,
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				    AT_SYMLINK_NOFOLLOW);
	int r = tree < 0 ? tree : child_set_attributes(tree, BOUND, 0);

	if (!r && !is_device(tree, i))
		r = -ENODEV;
	if (r) {
		raw_close(tree);
		return r;
	}
	return tree;
}

/* A node that the host lacks is of no matter unless it is needed in the end. */
int child_device_sources(struct child *c)
{
	int folder __cleanup_raw_close = (int)raw(
		SYS_openat, AT_FDCWD, "/dev", O_PATH | O_DIRECTORY | O_CLOEXEC,
		0);
	size_t i;

	for (i = 0; i < N_DEVICES; i++)
		c->device_trees[i] = folder < 0 ? folder :
						  clone_host_device(folder, i);
	return 0;
}

static int bind_device(struct child *c, int folder, size_t i)
{
	long r;

	if (c->device_trees[i] < 0)
		return c->device_trees[i];
	r = raw(SYS_mknodat, folder, devices[i].name, S_IFREG | 0666, 0UL);
	return r ? (int)r :
		   child_attach_at(c->device_trees[i], folder, devices[i].name);
}

static int make_device(struct child *c, int folder, size_t i)
{
	long r = raw(SYS_mknodat, folder, devices[i].name, S_IFCHR | 0666,
		     (unsigned long)makedev(devices[i].major,
					    devices[i].minor));

	return r == -EPERM ? bind_device(c, folder, i) : (int)r;
}

/*
 * The scaffold's, which covers files. Where it is the host's that was bound there,
 * /dev gets another mount of it.
 */
int child_make_null(struct child *c)
{
	int r;

	raw(SYS_umask, 0);
	r = make_device(c, c->scaffold, 0);
	raw(SYS_umask, 022);
	raw_close(c->device_trees[0]);
	c->device_trees[0] = child_clone_scaffold(c, SCAFFOLD_NULL);
	return r;
}

int child_devices(struct child *c)
{
	size_t i;
	long r = 0;

	if (c->devices < 0)
		return 0;
	raw(SYS_umask, 0);
	for (i = 0; !r && i < N_DEVICES; i++)
		r = make_device(c, c->devices, i);
	raw(SYS_umask, 022);
	for (i = 0; !r && i < sizeof(links) / sizeof(links[0]); i++)
		r = raw(SYS_symlinkat, links[i].target, c->devices,
			links[i].name);
	return (int)r;
}

int child_open_null(struct child *c)
{
	return (int)raw(SYS_openat, c->devices < 0 ? c->scaffold : c->devices,
			SCAFFOLD_NULL,
			O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0);
}
