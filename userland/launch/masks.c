// SPDX-License-Identifier: GPL-2.0
/*
 * What of /proc and /sys a container may not see or write. Root in a container
 * is root of the host as far as the modes of these files go, and much in them
 * is the whole machine's, whatever the namespaces.
 *
 * A hidden file has a null device over it, a hidden folder an empty one, both
 * read-only. What a kernel does not have needs no protection. Of proc, all that is
 * no process is read-only; sysfs is mounted so. All proc and sysfs that is mounted
 * from its root has these masks, wherever a container has it.
 */
#include <dirent.h>
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

enum cover {
	HIDDEN_FILE,
	HIDDEN_FOLDER,
	READ_ONLY,
};

static const struct {
	const char *path;
	enum cover cover;
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
};

#define N_MASKS (sizeof(masks) / sizeof(masks[0]))

const char *mask_path(uint32_t index)
{
	return index < N_MASKS ? masks[index].path : "/proc";
}

/** struct masked_fs - a file system that is masked, if it is all there */
struct masked_fs {
	long type;
	const char *path; /* what its masks begin with */
	bool read_only;	  /* all but processes */
};

static const struct masked_fs masked[] = {
	{ PROC_SUPER_MAGIC, "/proc/", true },
	{ SYSFS_MAGIC, "/sys/", false },
};

/* The root of both. */
#define ROOT_INODE 1

/* NULL: it has no masks. */
static int find_masked(int tree, const struct masked_fs **found)
{
	struct statfs fs;
	struct statx st;
	size_t i;
	long r = raw(SYS_fstatfs, tree, &fs);

	if (!r)
		r = raw(SYS_statx, tree, "", AT_EMPTY_PATH, STATX_INO, &st);
	*found = NULL;
	for (i = 0; !r && i < sizeof(masked) / sizeof(masked[0]); i++)
		if (fs.f_type == masked[i].type && st.stx_ino == ROOT_INODE)
			*found = &masked[i];
	return (int)r;
}

/* Of the file at @target, or of what the scaffold has to cover it. */
static int clone_cover(struct child *c, enum cover how, int target)
{
	switch (how) {
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
static int cover(struct child *c, int tree, const char *name, enum cover how)
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
	copy = clone_cover(c, how, target);
	if (copy < 0)
		return copy;
	r = child_set_attributes(copy, MOUNT_ATTR_RDONLY, AT_RECURSIVE);
	return r ? r : child_attach(copy, target);
}

static int cover_named(struct child *c, int tree, const struct masked_fs *fs)
{
	size_t len = strlen(fs->path);
	int r;

	for (c->index = 0; c->index < N_MASKS; c->index++) {
		if (strncmp(masks[c->index].path, fs->path, len))
			continue;
		r = cover(c, tree, masks[c->index].path + len,
			  masks[c->index].cover);
		if (r)
			return r;
	}
	return 0;
}

static bool is_named(const struct masked_fs *fs, const char *name)
{
	size_t i, len = strlen(fs->path);

	for (i = 0; i < N_MASKS; i++)
		if (!strncmp(masks[i].path, fs->path, len) &&
		    !strcmp(masks[i].path + len, name))
			return true;
	return false;
}

/* A process, or a link to what one has. */
static bool is_of_process(const struct dirent64 *entry)
{
	return (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') ||
	       entry->d_type == DT_LNK;
}

static int cover_entries(struct child *c, int tree, const struct masked_fs *fs,
			 const char *entries, long size)
{
	const struct dirent64 *entry;
	long at;
	int r = 0;

	for (at = 0; !r && at < size; at += entry->d_reclen) {
		entry = (const struct dirent64 *)(entries + at);
		if (!strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, "..") || is_of_process(entry) ||
		    is_named(fs, entry->d_name))
			continue;
		r = cover(c, tree, entry->d_name, READ_ONLY);
	}
	return r;
}

/*
 * What is no process' is the machine's, and there is one of it for all mounts of
 * proc: also owner and mode of a file, which its owner changes for everybody.
 */
static int cover_rest(struct child *c, int tree, const struct masked_fs *fs)
{
	int folder __cleanup_raw_close = (int)raw(
		SYS_openat, tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	char entries[2048] __attribute__((aligned(8)));
	int r = folder < 0 ? folder : 0;
	long n;

	while (!r) {
		n = raw(SYS_getdents64, folder, entries, sizeof(entries));
		if (n <= 0)
			return (int)n;
		r = cover_entries(c, tree, fs, entries, n);
	}
	return r;
}

int child_masks(struct child *c, struct mount_plan *m)
{
	const struct masked_fs *fs;
	int r = find_masked(m->tree, &fs);

	if (r || !fs)
		return r;
	m->masked = true;
	c->stage = STAGE_MASKS;
	c->index = N_MASKS;
	r = child_attach_at(m->tree, c->scaffold, SCAFFOLD_MOUNT);
	if (!r)
		r = cover_named(c, m->tree, fs);
	if (!r && fs->read_only)
		r = cover_rest(c, m->tree, fs);
	return r;
}
