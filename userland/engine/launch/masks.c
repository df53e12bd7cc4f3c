// SPDX-License-Identifier: GPL-2.0
/*
 * What of /proc and /sys a container may not see or write. Root in a container
 * is root of the host as far as the modes of these files go, and much in them
 * is the whole machine's, whatever the namespaces.
 *
 * A hidden file has /dev/null bound over it, a hidden folder an empty file
 * system, both read-only. What a kernel does not have needs no protection.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>

#include "plan.h"
#include "raw.h"

enum kind {
	HIDDEN_FILE,
	HIDDEN_FOLDER,
	READ_ONLY,
};

static const struct {
	const char *path;
	enum kind kind;
} masks[] = {
	/* Memory of the machine, and where in it is what. */
	{ "/proc/kcore", HIDDEN_FILE },
	{ "/proc/vmcore", HIDDEN_FILE },
	{ "/proc/kpagecount", HIDDEN_FILE },
	{ "/proc/kpageflags", HIDDEN_FILE },
	{ "/proc/kpagecgroup", HIDDEN_FILE },
	{ "/proc/vmallocinfo", HIDDEN_FILE },
	/* Keys, and whose. */
	{ "/proc/keys", HIDDEN_FILE },
	{ "/proc/key-users", HIDDEN_FILE },
	/* What other processes do, by name or by time. */
	{ "/proc/latency_stats", HIDDEN_FILE },
	{ "/proc/timer_list", HIDDEN_FILE },
	{ "/proc/timer_stats", HIDDEN_FILE },
	{ "/proc/sched_debug", HIDDEN_FILE },
	{ "/proc/interrupts", HIDDEN_FILE },
	/* Hardware and its drivers. */
	{ "/proc/acpi", HIDDEN_FOLDER },
	{ "/proc/asound", HIDDEN_FOLDER },
	{ "/proc/scsi", HIDDEN_FOLDER },
	{ "/sys/firmware", HIDDEN_FOLDER },
	{ "/sys/devices/virtual/powercap", HIDDEN_FOLDER },
	/* Turns on messages of any part of the kernel. */
	{ "/proc/dynamic_debug", HIDDEN_FOLDER },
	/* Settings of the machine. */
	{ "/proc/bus", READ_ONLY },
	{ "/proc/fs", READ_ONLY },
	{ "/proc/irq", READ_ONLY },
	{ "/proc/mtrr", READ_ONLY },
	{ "/proc/sys", READ_ONLY },
	{ "/proc/sysrq-trigger", READ_ONLY },
};

_Static_assert(sizeof(masks) / sizeof(masks[0]) == N_MASKS,
	       "plan.h and the table of masks agree");

const char *mask_path(uint32_t index)
{
	return index < N_MASKS ? masks[index].path : "/proc";
}

/* Clones cannot be cloned again, so there is one for each file. */
int child_mask_sources(struct child *c)
{
	long r;

	for (c->index = 0; c->index < N_MASKS; c->index++) {
		if (masks[c->index].kind != HIDDEN_FILE)
			continue;
		r = raw(SYS_open_tree, AT_FDCWD, "/dev/null",
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (r < 0)
			return (int)r;
		c->mask_trees[c->index] = (int)r;
	}
	return 0;
}

static int cover(struct child *c, int target)
{
	int tree __cleanup_raw_close = -1;
	static const struct mount_option source[] = { { "source", "tmpfs" } };
	unsigned int flags = 0;
	int r;

	switch (masks[c->index].kind) {
	case HIDDEN_FILE:
		tree = c->mask_trees[c->index];
		break;
	case HIDDEN_FOLDER:
		tree = child_new_mount("tmpfs", source, 1,
				       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
				       MOUNT_ATTR_NOEXEC);
		break;
	case READ_ONLY:
		flags = AT_RECURSIVE;
		tree = (int)raw(SYS_open_tree, target, "",
				OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				AT_EMPTY_PATH | flags);
		break;
	}
	if (tree < 0)
		return tree;
	r = child_set_attributes(tree, MOUNT_ATTR_RDONLY, flags);
	return r ? r : child_attach(tree, target);
}

static int child_mask(struct child *c)
{
	int target __cleanup_raw_close =
		child_open(masks[c->index].path, O_PATH | O_NOFOLLOW,
			   RESOLVE_NO_SYMLINKS);

	if (target == -ENOENT || target == -ENOTDIR)
		return 0;
	return target < 0 ? target : cover(c, target);
}

int child_masks(struct child *c)
{
	int r;

	for (c->index = 0; c->index < N_MASKS; c->index++) {
		r = child_mask(c);
		if (r)
			return r;
	}
	return 0;
}
