// SPDX-License-Identifier: GPL-2.0
/* The cgroup of all containers, see tree.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/mountinfo.h"
#include "base/paths.h"
#include "base/report.h"
#include "controllers.h"
#include "limits.h"
#include "mount.h"
#include "tree.h"

#define NAME "purser"

#define MEMORY "memory"

/* Controllers that containers can do without. */
static const struct {
	const char *name;
	const char *without; /* what it means not to have the controller */
} extras[] = {
	{ "pids", "the number of processes of containers is not limited" },
	{ "cpuset",
	  "processes in containers can leave the CPUs that --cpus names" },
};

/* @where: as in cgroup_turn_on_above(); NULL if it failed at the root of the tree */
static int make(const struct cgroup_tree *tree, char **where)
{
	int err = cgroup_turn_on_above(tree->root, MEMORY, where);

	if (err)
		return err;
	if (mkdir(tree->root, 0755) < 0 && errno != EEXIST)
		return -errno;
	err = cgroup_turn_on(tree->root, MEMORY);
	/* On a read-only mount all of this may be done already. */
	if (!err && access(tree->root, W_OK) < 0)
		err = -errno;
	return err;
}

/* The root of the tree exists. @where: as in make() */
static int turn_on_extra(const struct cgroup_tree *tree, const char *name,
			 char **where)
{
	int err = cgroup_turn_on_above(tree->root, name, where);

	return err ? err : cgroup_turn_on(tree->root, name);
}

/*
 * Several supervisors may share the tree. If one turned the controller off between the
 * moment when another one turned it on and the moment when that one set a limit, the limit
 * would be lost without an error. So a lock is held for that time. Only root can open this
 * file, so no user can hold the lock; before Linux 5.14, it is not there, and nobody locks.
 * Turning off never waits for the lock. Setting a limit waits, for as long as another
 * supervisor looks for limits.
 * @how: for flock(). @lock: gets a descriptor, or -1. Returns 0 or a negative errno.
 */
static int lock_cpu(const struct cgroup_tree *tree, int how, int *lock)
{
	__cleanup_free char *path = path_join(tree->root, "cgroup.kill", "");
	int fd __cleanup_close = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;

	*lock = -1;
	if (!path)
		return -ENOMEM;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	while (flock(fd, how) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	*lock = take_fd(&fd);
	return 0;
}

int cgroup_tree_turn_on_cpu(const struct cgroup_tree *tree, int *hold)
{
	__cleanup_free char *where = NULL;
	int err;

	*hold = -1;
	if (!tree->root)
		return -ENODEV;
	err = lock_cpu(tree, LOCK_SH, hold);
	return err ? err : turn_on_extra(tree, "cpu", &where);
}

static int look_for_limit(int folder, const struct dirent *entry, void *arg)
{
	(void)arg;
	return cgroup_has_cpu_limit(folder, entry->d_name);
}

int cgroup_tree_spare_cpu(const struct cgroup_tree *tree)
{
	int lock __cleanup_close = -1;
	int ret;

	if (!tree->root)
		return 0;
	ret = lock_cpu(tree, LOCK_EX | LOCK_NB, &lock);
	if (ret)
		return ret == -EWOULDBLOCK ? 0 : ret;
	ret = path_each_entry(AT_FDCWD, tree->root, look_for_limit, NULL);
	if (ret)
		return ret < 0 ? ret : 0;
	return cgroup_turn_off(tree->root, "cpu");
}

int cgroup_tree_make(const struct cgroup_tree *tree)
{
	__cleanup_free char *where = NULL;
	int err = make(tree, &where);

	/* An error was reported when the supervisor started. */
	for (size_t i = 0; !err && i < ARRAY_SIZE(extras); i++) {
		__cleanup_free char *extra_where = NULL;

		turn_on_extra(tree, extras[i].name, &extra_where);
	}
	return err;
}

static void go_without(const char *where, const char *why)
{
	report_warning("containers get no cgroup of their own: %s: %s", where,
		       why);
}

static const char *explain(int err)
{
	switch (err) {
	case -ENODEV:
		return "the memory controller is not there";
	case -EBUSY:
		return "processes in it keep the memory controller from being turned on";
	}
	return strerror(-err);
}

static void go_without_extra(const struct cgroup_tree *tree, size_t i)
{
	__cleanup_free char *where = NULL;
	int err = turn_on_extra(tree, extras[i].name, &where);
	const char *at = where ? where : tree->root;

	if (err == -ENODEV)
		report_warning("%s: %s: the %s controller is not there",
			       extras[i].without, at, extras[i].name);
	else if (err)
		report_warning("%s: %s: %s", extras[i].without, at,
			       strerror(-err));
}

/* The default is a cgroup below the mount. */
static int place(struct cgroup_tree *tree)
{
	__cleanup_free char *mount = NULL;
	bool has_v1;
	int err = cgroup_mount(&mount, &has_v1);

	if (err == -ENODEV)
		go_without(MOUNTINFO,
			   has_v1 ? "cgroup v1 is mounted, v2 is not" :
				    "cgroup v2 is not mounted");
	else if (err && err != -ENOMEM)
		go_without(MOUNTINFO, strerror(-err));
	if (err)
		return err == -ENOMEM ? err : 0;
	tree->root = path_join(mount, NAME, "");
	return tree->root ? 0 : -ENOMEM;
}

/* The place that was asked for: the last component need not exist. */
static int place_at(struct cgroup_tree *tree, const char *dir)
{
	__cleanup_free char *for_dirname = strdup(dir);
	__cleanup_free char *for_basename = strdup(dir);
	__cleanup_free char *above = NULL;
	int fd __cleanup_close = -1;
	const char *name;
	int err;

	if (!for_dirname || !for_basename)
		return -ENOMEM;
	name = basename(for_basename);
	err = path_open_dir(dirname(for_dirname), &fd, &above);
	if (err == -ENOMEM)
		return err;
	if (err) {
		go_without(dir, strerror(-err));
	} else if (!cgroup_is_v2(above) || strchr(name, '/') ||
		   !strcmp(name, ".") || !strcmp(name, "..")) {
		go_without(dir, "not a folder in a cgroup of version 2");
	} else {
		tree->root = path_join(above, name, "");
		return tree->root ? 0 : -ENOMEM;
	}
	return 0;
}

/* A user who can write to a cgroup can kill its processes and set its limits. */
static bool only_root_writes(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !st.st_uid &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

int cgroup_tree_set_up(struct cgroup_tree *tree, const char *dir)
{
	__cleanup_free char *where = NULL;
	int err = dir ? place_at(tree, dir) : place(tree);

	if (err || !tree->root)
		return err;
	err = make(tree, &where);
	if (!err && only_root_writes(tree->root)) {
		for (size_t i = 0; i < ARRAY_SIZE(extras); i++)
			go_without_extra(tree, i);
		return 0;
	}
	if (err != -ENOMEM)
		go_without(where ? where : tree->root,
			   err ? explain(err) :
				 "others than root may write it");
	free(tree->root);
	tree->root = NULL;
	return err == -ENOMEM ? err : 0;
}

void cgroup_tree_take_down(struct cgroup_tree *tree)
{
	/* EBUSY: it holds containers of other supervisors. */
	if (tree->root && rmdir(tree->root) < 0 && errno != EBUSY &&
	    errno != ENOTEMPTY && errno != ENOENT)
		report_warning_errno(-errno, "removing the cgroup %s",
				     tree->root);
	free(tree->root);
	tree->root = NULL;
}
