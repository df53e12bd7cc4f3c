// SPDX-License-Identifier: GPL-2.0
/*
 * The nodes and links of a minimal /dev, in the tmpfs that the container's
 * mounts put there. Where the supervisor may not make device nodes, the host's
 * are bound instead.
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
	{ "null", 1, 3 },
	{ "zero", 1, 5 },
	{ "full", 1, 7 },
	{ "random", 1, 8 },
	{ "urandom", 1, 9 },
	{ "tty", 5, 0 },
};

_Static_assert(sizeof(devices) / sizeof(devices[0]) == N_DEVICES,
	       "plan.h and the table of devices agree");

static const struct {
	const char *name;
	const char *target;
} links[] = {
	{ "ptmx", "pts/ptmx" },
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

/* "/dev/" and the name; no longer than the longest name in the table. */
static int clone_host_device(const char *name)
{
	int folder __cleanup_raw_close =
		(int)raw(SYS_openat, AT_FDCWD, "/dev",
			 O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

	if (folder < 0)
		return folder;
	return (int)raw(SYS_open_tree, folder, name,
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

static bool has_devices(const struct launch_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->spec->n_mounts; i++)
		if (plan->mounts[i].devices)
			return true;
	return false;
}

/* A node that the host lacks is of no matter unless it is needed in the end. */
int child_device_sources(struct child *c)
{
	size_t i;

	for (i = 0; i < N_DEVICES; i++)
		c->device_trees[i] = has_devices(c->plan) ?
			clone_host_device(devices[i].name) : -ENOENT;
	return 0;
}

static int bind_device(struct child *c, size_t i)
{
	int target __cleanup_raw_close = -1;
	long r;

	if (c->device_trees[i] < 0)
		return c->device_trees[i];
	r = raw(SYS_mknodat, c->devices, devices[i].name, S_IFREG | 0666, 0UL);
	if (r)
		return (int)r;
	target = (int)raw(SYS_openat, c->devices, devices[i].name,
			  O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	return target < 0 ? target : child_attach(c->device_trees[i], target);
}

static int make_devices(struct child *c)
{
	size_t i;
	long r;

	for (i = 0; i < N_DEVICES; i++) {
		r = raw(SYS_mknodat, c->devices, devices[i].name,
			S_IFCHR | 0666,
			(unsigned long)makedev(devices[i].major,
					       devices[i].minor));
		if (r == -EPERM)
			r = bind_device(c, i);
		if (r)
			return (int)r;
		raw_close(c->device_trees[i]);
	}
	return 0;
}

int child_devices(struct child *c)
{
	size_t i;
	long r;

	if (c->devices < 0)
		return 0;
	raw(SYS_umask, 0);
	r = make_devices(c);
	raw(SYS_umask, 022);
	for (i = 0; !r && i < sizeof(links) / sizeof(links[0]); i++)
		r = raw(SYS_symlinkat, links[i].target, c->devices,
			links[i].name);
	raw_close(c->devices);
	c->devices = -1;
	return (int)r;
}
