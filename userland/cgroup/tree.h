/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cgroup that the containers' own cgroups are in: "purser" below the mount
 * of cgroup v2, or what --cgroup-root names. The memory controller is on in it
 * and in all cgroups above, so that the kernel counts each container's pages; so
 * are the pids and the cpuset controller. Limits are those of the containers' own
 * cgroups, see limits.h; this one has none.
 *
 * Several supervisors may share it. The one that ends last removes it.
 */
#ifndef CGROUP_TREE_H
#define CGROUP_TREE_H

#include <stdbool.h>
#include <stdio.h>

/** struct cgroup_tree - zero: there is none, and containers get no cgroup */
struct cgroup_tree {
	char *root;
};

/**
 * cgroup_tree_set_up() - find the place, make it, turn the controllers on
 * @dir: in place of the default, or NULL; the folder above it must be a cgroup
 * Where that cannot be, a line on stderr says what is missing where, and the
 * tree stays empty: containers do without. Where the pids or the cpuset controller
 * cannot be had, a line says so and the tree does without it. Returns -ENOMEM or 0.
 */
int cgroup_tree_set_up(struct cgroup_tree *tree, const char *dir);

/** cgroup_tree_make() - again, for a root that another supervisor removed */
int cgroup_tree_make(const struct cgroup_tree *tree);

/** cgroup_tree_take_down() - remove it where it is empty */
void cgroup_tree_take_down(struct cgroup_tree *tree);

/**
 * cgroup_find_mount() - where cgroup v2 is mounted; see mount.c
 * @mountinfo: as in /proc/self/mountinfo
 * @is_there: whether that file system is what the path leads to
 * @has_v1: set where version 1 is mounted anywhere
 * Returns -ENOENT where it is not mounted; @path is for free().
 */
int cgroup_find_mount(FILE *mountinfo, bool (*is_there)(const char *path),
		      char **path, bool *has_v1);

#endif /* CGROUP_TREE_H */
