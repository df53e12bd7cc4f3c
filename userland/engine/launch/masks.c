// SPDX-License-Identifier: GPL-2.0
/*
 * What of /proc and /sys a container may not see or write. Root in a container
 * is root of the host as far as the modes of these files go, and much in them
 * is the whole machine's, whatever the namespaces.
 *
 * A hidden file has a null device over it, a hidden folder an empty one, both
 * read-only. What a kernel does not have needs no protection. All proc and sysfs
 * that is mounted from its root has these masks, wherever a container has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

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

#define N_MASKS (sizeof(masks) / sizeof(masks[0]))

const char *mask_path(uint32_t index)
{
	return index < N_MASKS ? masks[index].path : "/proc";
}

/* The file systems that are masked, each where it shows itself from its root. */
static const struct {
	long type;
	const char *path; /* what its masks begin with */
} masked[] = {
	{ PROC_SUPER_MAGIC, "/proc/" },
	{ SYSFS_MAGIC, "/sys/" },
};

/* The root of both. */
#define ROOT_INODE 1

/* What the paths of its masks begin with; NULL: it has none. */
static int find_masks(int tree, const char **path)
{
	struct statfs fs;
	struct statx st;
	size_t i;
	long r = raw(SYS_fstatfs, tree, &fs);

	if (!r)
		r = raw(SYS_statx, tree, "", AT_EMPTY_PATH, STATX_INO, &st);
	*path = NULL;
	for (i = 0; !r && i < sizeof(masked) / sizeof(masked[0]); i++)
		if (fs.f_type == masked[i].type && st.stx_ino == ROOT_INODE)
			*path = masked[i].path;
	return (int)r;
}

/* Of the file at @target, or of what the scaffold has to cover it. */
static int clone_cover(struct child *c, enum kind kind, int target)
{
	switch (kind) {
	case HIDDEN_FILE:
		return child_clone_scaffold(c, SCAFFOLD_NULL);
	case HIDDEN_FOLDER:
		return child_clone_scaffold(c, SCAFFOLD_EMPTY);
	case READ_ONLY:
		break;
	}
	return (int)raw(SYS_open_tree, target, "",
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
				AT_RECURSIVE);
}

/*
 * From the mount itself: a name is missing where the kernel has no such file, and
 * for no other reason.
 */
static int cover(struct child *c, int tree, const char *name, enum kind kind)
{
	int target __cleanup_raw_close = -1;
	int copy __cleanup_raw_close = -1;
	int r;

	target = child_open(tree, name, O_PATH | O_NOFOLLOW,
			    RESOLVE_NO_SYMLINKS);
	if (target == -ENOENT || target == -ENOTDIR)
		return 0;
	if (target < 0)
		return target;
	copy = clone_cover(c, kind, target);
	if (copy < 0)
		return copy;
	r = child_set_attributes(copy, MOUNT_ATTR_RDONLY, AT_RECURSIVE);
	return r ? r : child_attach(copy, target);
}

int child_masks(struct child *c, struct mount_plan *m)
{
	const char *path;
	size_t len;
	int r;

	r = find_masks(m->tree, &path);
	if (r || !path)
		return r;
	m->masked = true;
	c->stage = STAGE_MASKS;
	r = child_attach_at(m->tree, c->scaffold, SCAFFOLD_MOUNT);
	len = strlen(path);
	for (c->index = 0; !r && c->index < N_MASKS; c->index++) {
		if (strncmp(masks[c->index].path, path, len))
			continue;
		r = cover(c, m->tree, masks[c->index].path + len,
			  masks[c->index].kind);
	}
	return r;
}
