// SPDX-License-Identifier: GPL-2.0
/*
 * Masks: mounts over files that a container must not read or write, mainly in /proc and
 * /sys. For the modes of these files, root in a container is root of the host, and many of
 * them affect the whole machine.
 *
 * A hidden file is covered by a null device, a hidden folder by an empty folder, both
 * read-only. A path that does not exist needs no mask. Every proc or sysfs in the
 * container that shows the root of the file system gets the masks whose path begins with
 * /proc/ or /sys/, wherever it is mounted.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "child.h"
#include "raw.h"

/** struct masked_fs - a file system that gets masks if its root is mounted */
struct masked_fs {
	long type;
	const char *path; /* the beginning of the paths of its masks */
	bool is_proc;
};

static const struct masked_fs masked[] = {
	{ PROC_SUPER_MAGIC, "/proc/", true },
	{ SYSFS_MAGIC, "/sys/", false },
};

/* The inode of the root of both file systems. */
#define ROOT_INODE 1

/* Find the file system of a mount; NULL: it gets no masks. */
static int find_masked(int tree, const struct masked_fs **found)
{
	struct statfs fs;
	struct stat st;
	size_t i;
	long r = raw(SYS_fstatfs, tree, &fs);

	if (!r)
		r = child_stat(tree, &st);
	*found = NULL;
	for (i = 0; !r && i < sizeof(masked) / sizeof(masked[0]); i++)
		if (fs.f_type == masked[i].type && st.st_ino == ROOT_INODE)
			*found = &masked[i];
	return (int)r;
}

/* Clone a mount of @target itself (@read_only), or of the null device or empty folder. */
static int clone_cover(struct child *c, int target, bool read_only)
{
	int folder;

	if (read_only)
		return (int)raw(SYS_open_tree, target, "",
				OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
					AT_EMPTY_PATH | AT_RECURSIVE);
	folder = child_is_folder(target);
	if (folder < 0)
		return folder;
	return child_clone_scaffold(c, folder ? SCAFFOLD_EMPTY : SCAFFOLD_NULL);
}

/* @target: an opened file, or an error */
static int cover(struct child *c, int target, bool read_only)
{
	int copy __cleanup_raw_close = -1;
	int r;

	if (target == -ENOENT || target == -ENOTDIR)
		return 0;
	if (target < 0)
		return target;
	copy = clone_cover(c, target, read_only);
	if (copy < 0)
		return copy;
	/* A clone of the scaffold is read-only already. */
	r = read_only ? child_set_attributes(copy, MOUNT_ATTR_RDONLY,
					     AT_RECURSIVE) :
			0;
	return r ? r : child_attach(copy, target);
}

/* Look @name up in the detached mount: there it is missing only if the kernel lacks it. */
static int cover_in(struct child *c, int tree, const char *name, bool read_only)
{
	int target __cleanup_raw_close = child_open(
		tree, name, O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);

	return cover(c, target, read_only);
}

/* The path of a mask below the root of a file system; NULL: it is not in there. */
static const char *name_in(const struct mask_spec *mask,
			   const struct masked_fs *fs)
{
	size_t len = strlen(fs->path);

	return strncmp(mask->path, fs->path, len) ? NULL : mask->path + len;
}

static int cover_named(struct child *c, int tree, const struct masked_fs *fs)
{
	const struct container_spec *spec = c->plan->spec;
	const char *name;
	int r;

	for (c->index = 0; c->index < spec->n_masks; c->index++) {
		name = name_in(&spec->masks[c->index], fs);
		r = name ? cover_in(c, tree, name,
				    spec->masks[c->index].read_only) :
			   0;
		if (r)
			return r;
	}
	return 0;
}

static bool is_named(const struct container_spec *spec,
		     const struct masked_fs *fs, const char *entry)
{
	const char *name;
	size_t i;

	for (i = 0; i < spec->n_masks; i++) {
		name = name_in(&spec->masks[i], fs);
		if (name && !strcmp(name, entry))
			return true;
	}
	return false;
}

/* Whether an entry of proc belongs to a process: its folder, or a symbolic link. */
static bool is_of_process(const struct dirent64 *entry)
{
	return (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') ||
	       entry->d_type == DT_LNK;
}

/*
 * Cover an entry of the working folder, which is the root of a mount, with a bind of
 * itself. While that mount is read-only, its binds are, too. Only the kernel changes the
 * entry, and it is no link, so its name suffices.
 */
static int cover_entry(const char *name)
{
	long r = raw(SYS_mount, name, name, NULL, (unsigned long)MS_BIND, NULL);

	return r == -ENOENT ? 0 : (int)r;
}

static int cover_entries(struct child *c, const struct masked_fs *fs,
			 const char *entries, long size)
{
	const struct dirent64 *entry;
	long at;
	int r = 0;

	for (at = 0; !r && at < size; at += entry->d_reclen) {
		entry = (const struct dirent64 *)(entries + at);
		if (!strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, "..") || is_of_process(entry) ||
		    is_named(c->plan->spec, fs, entry->d_name))
			continue;
		r = cover_entry(entry->d_name);
	}
	return r;
}

/*
 * Make all entries of proc that belong to no process read-only. They affect the whole
 * machine. Even their owner and mode are the same in all mounts of proc. Each entry costs
 * every start a mount, so make that with one system call.
 */
static int cover_rest(struct child *c, int tree, const struct masked_fs *fs)
{
	int folder __cleanup_raw_close = (int)raw(
		SYS_openat, tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	char entries[4096] __attribute__((aligned(8)));
	int r = folder < 0 ? folder : 0;
	long n = 1;

	if (!r)
		r = plan_set_tree(tree, MOUNT_ATTR_RDONLY, 0, 0, 0);
	if (!r)
		r = (int)raw(SYS_fchdir, tree);
	while (!r && n) {
		n = raw(SYS_getdents64, folder, entries, sizeof(entries));
		r = n < 0 ? (int)n : cover_entries(c, fs, entries, n);
	}
	if (!r)
		r = (int)raw(SYS_fchdir, c->host);
	return r ? r : plan_set_tree(tree, 0, MOUNT_ATTR_RDONLY, 0, 0);
}

int child_mask_mount(struct child *c, struct mount_plan *m)
{
	const struct container_spec *spec = c->plan->spec;
	const struct masked_fs *fs;
	int r = find_masked(m->tree, &fs);

	if (r || !fs)
		return r;
	m->masked = true;
	c->stage = STAGE_MASK;
	c->index = (uint32_t)spec->n_masks;
	r = child_attach_at(m->tree, c->scaffold, SCAFFOLD_MOUNT);
	/* First, because a mask may be in one of these entries. */
	if (!r && fs->is_proc && spec->proc_read_only)
		r = cover_rest(c, m->tree, fs);
	return r ? r : cover_named(c, m->tree, fs);
}

/*
 * Apply the masks that are not for proc or sysfs. They are the last clones of the scaffold.
 * From here on it is writable again: its null device may become stdin, and is then the
 * container's own.
 */
int child_masks(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	const struct target *place;
	int r = 0;

	for (c->index = 0; c->index < spec->n_masks; c->index++) {
		int target __cleanup_raw_close = -1;

		place = &c->plan->masks[c->index];
		if (place->mount && place->mount->masked)
			continue;
		target = child_open_target(c, place, O_PATH, 0);
		r = cover(c, target, spec->masks[c->index].read_only);
		if (r)
			return r;
	}
	return plan_set_tree(c->scaffold, 0, MOUNT_ATTR_RDONLY, 0, 0);
}

int plan_masks(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	size_t i;

	plan->masks = calloc(spec->n_masks + 1, sizeof(*plan->masks));
	if (!plan->masks)
		return no_memory(failure);
	for (i = 0; i < spec->n_masks; i++) {
		const char *path = spec->masks[i].path;

		if (path[0] != '/' || plan_path_is_root(path))
			return failed(
				failure, EXIT_ENGINE,
				"cannot protect \"%s\": it is not a path below the root",
				QUOTE(path));
		if (plan_target(plan, &plan->masks[i], path, spec->n_mounts))
			return no_memory(failure);
	}
	return 0;
}
