// SPDX-License-Identifier: GPL-2.0
/* The cgroup of all containers, see tree.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tree.h"
#include "base/cleanup.h"
#include "base/paths.h"
#include "base/report.h"

#define NAME "purser"

#define MEMORY "memory"

/* Containers can do without these, but do worse. */
static const struct {
	const char *name;
	const char *without;
} extras[] = {
	{ "pids", "the number of processes of containers is not limited" },
	{ "cpuset",
	  "processes in containers can leave the CPUs that --cpus names" },
};

#define N_EXTRAS (sizeof(extras) / sizeof(extras[0]))

/* "cgroup.controllers" and the like fit: there are some 15 controllers. */
#define LIST_ROOM 512

static bool is_cgroup(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

static int open_file(const char *cgroup, const char *file, int flags)
{
	__cleanup_free char *path = path_join(cgroup, file, "");
	int fd;

	if (!path)
		return -ENOMEM;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whether @name is in a list of controllers: 1, 0 or a negative errno. */
static int has_controller(const char *cgroup, const char *file,
			  const char *name)
{
	int fd __cleanup_close = open_file(cgroup, file, O_RDONLY);
	char text[LIST_ROOM];
	char *word, *rest;
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	for (word = strtok_r(text, " \n", &rest); word;
	     word = strtok_r(NULL, " \n", &rest)) {
		if (!strcmp(word, name))
			return 1;
	}
	return 0;
}

/*
 * For the cgroups in @cgroup. Nothing is written where it is on already: that
 * may be refused to those who need not.
 */
static int turn_on(const char *cgroup, const char *name)
{
	int on = has_controller(cgroup, "cgroup.subtree_control", name);
	int fd __cleanup_close = -1;
	char word[16];
	int len;

	if (on)
		return on < 0 ? on : 0;
	on = has_controller(cgroup, "cgroup.controllers", name);
	if (on <= 0)
		return on < 0 ? on : -ENODEV;
	fd = open_file(cgroup, "cgroup.subtree_control", O_WRONLY);
	if (fd < 0)
		return fd;
	len = snprintf(word, sizeof(word), "+%s", name);
	return write(fd, word, len) < 0 ? -errno : 0;
}

/* Turn it on in all cgroups above @path too, from the uppermost one down. */
static int turn_on_above(const char *path, const char *name, char **where)
{
	__cleanup_free char *copy = strdup(path);
	const char *above;
	int err;

	if (!copy)
		return -ENOMEM;
	above = dirname(copy);
	if (!strcmp(path, "/") || !is_cgroup(above))
		return 0;
	err = turn_on_above(above, name, where);
	if (err)
		return err;
	err = turn_on(above, name);
	if (err)
		*where = strdup(above);
	return err;
}

/* @where: the cgroup at which it failed, for free(); NULL: the root itself */
static int make(const struct cgroup_tree *tree, char **where)
{
	int err = turn_on_above(tree->root, MEMORY, where);

	if (err)
		return err;
	if (mkdir(tree->root, 0755) < 0 && errno != EEXIST)
		return -errno;
	err = turn_on(tree->root, MEMORY);
	/* All of this may be so already on a mount that is read-only. */
	if (!err && access(tree->root, W_OK) < 0)
		err = -errno;
	return err;
}

/* The root is there. @where: as in make() */
static int turn_on_extra(const struct cgroup_tree *tree, const char *name,
			 char **where)
{
	int err = turn_on_above(tree->root, name, where);

	return err ? err : turn_on(tree->root, name);
}

int cgroup_tree_make(const struct cgroup_tree *tree)
{
	__cleanup_free char *where = NULL;
	int err = make(tree, &where);

	/* That it cannot be was said when the supervisor started. */
	for (size_t i = 0; !err && i < N_EXTRAS; i++) {
		__cleanup_free char *extra_where = NULL;

		turn_on_extra(tree, extras[i].name, &extra_where);
	}
	return err;
}

static void go_without(const char *where, const char *why)
{
	report(0, "containers get no cgroup of their own: %s: %s", where, why);
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
		report(0, "%s: %s: the %s controller is not there",
		       extras[i].without, at, extras[i].name);
	else if (err)
		report(err, "%s: %s", extras[i].without, at);
}

/* The default: below the mount. */
static int place(struct cgroup_tree *tree)
{
	static const char table[] = "/proc/self/mountinfo";
	FILE *mountinfo __cleanup_fclose = fopen(table, "re");
	__cleanup_free char *mount = NULL;
	bool has_v1 = false;
	int err;

	if (!mountinfo) {
		go_without(table, strerror(errno));
		return 0;
	}
	err = cgroup_find_mount(mountinfo, is_cgroup, &mount, &has_v1);
	if (err == -ENOENT) {
		go_without(table, has_v1 ? "cgroup v1 is mounted, v2 is not" :
					   "cgroup v2 is not mounted");
		return 0;
	}
	if (!err)
		tree->root = path_join(mount, NAME, "");
	return tree->root ? 0 : -ENOMEM;
}

/* What was asked for: its last component need not be there. */
static int place_at(struct cgroup_tree *tree, const char *dir)
{
	__cleanup_free char *for_dirname = strdup(dir);
	__cleanup_free char *for_basename = strdup(dir);
	__cleanup_free char *above = NULL;
	const char *name;
	int err;

	if (!for_dirname || !for_basename)
		return -ENOMEM;
	name = basename(for_basename);
	err = path_resolve_dir(dirname(for_dirname), &above);
	if (err == -ENOMEM)
		return err;
	if (err) {
		go_without(dir, strerror(-err));
	} else if (!is_cgroup(above) || strchr(name, '/') ||
		   !strcmp(name, ".") || !strcmp(name, "..")) {
		go_without(dir, "not a folder in a cgroup of version 2");
	} else {
		tree->root = path_join(above, name, "");
		return tree->root ? 0 : -ENOMEM;
	}
	return 0;
}

/* Who owns a cgroup kills all that is in it, and sets its limits. */
static bool is_roots_alone(const char *path)
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
	if (!err && is_roots_alone(tree->root)) {
		for (size_t i = 0; i < N_EXTRAS; i++)
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
	/* Busy: other supervisors' containers are in it. */
	if (tree->root && rmdir(tree->root) < 0 && errno != EBUSY &&
	    errno != ENOTEMPTY && errno != ENOENT)
		report(-errno, "removing the cgroup %s", tree->root);
	free(tree->root);
	tree->root = NULL;
}
