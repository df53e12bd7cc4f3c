/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cgroup that holds the cgroups of all containers: "purser" below the mount of
 * cgroup v2, or the one that --cgroup-root names. The memory, pids and cpuset controllers
 * are on in it and in all cgroups above, so that the kernel counts the pages of each
 * container. It has no limits itself; the containers' cgroups have, see limits.h.
 *
 * Several supervisors may share it. The last one that ends removes it.
 */
#ifndef CGROUP_TREE_H
#define CGROUP_TREE_H

/** struct cgroup_tree - the cgroup of all containers */
struct cgroup_tree {
	char *root; /* NULL: there is none, and containers get no cgroups */
};

/**
 * cgroup_tree_set_up() - find the place, make the cgroup, turn the controllers on
 * @dir: the cgroup to make, in a cgroup that exists; NULL for the default
 * If there can be no such cgroup, this reports the reason and leaves the tree empty. If
 * only the pids or cpuset controller cannot be turned on, it reports that and goes on.
 * Returns -ENOMEM or 0.
 */
int cgroup_tree_set_up(struct cgroup_tree *tree, const char *dir);

/** cgroup_tree_make() - make the cgroup again, after another supervisor removed it */
int cgroup_tree_make(const struct cgroup_tree *tree);

/**
 * cgroup_tree_turn_on_cpu() - turn on the cpu controller for the cgroups of all containers
 * @hold: gets a descriptor, or -1. Until the caller closes it, also after an error, no
 *	supervisor turns the controller off: close it when the limit is set
 * Returns 0 or a negative errno; -ENODEV: the kernel does not have it here.
 */
int cgroup_tree_turn_on_cpu(const struct cgroup_tree *tree, int *hold);

/**
 * cgroup_tree_spare_cpu() - turn the cpu controller off if no container has a limit for it
 * It also stays on if a supervisor is about to set a limit. It stays on in the cgroups
 * above, which others use, too. Returns 0 or a negative errno; -EBUSY: a container has
 * turned it on for cgroups of its own.
 */
int cgroup_tree_spare_cpu(const struct cgroup_tree *tree);

/** cgroup_tree_take_down() - remove the cgroup if it is empty */
void cgroup_tree_take_down(struct cgroup_tree *tree);

#endif /* CGROUP_TREE_H */
