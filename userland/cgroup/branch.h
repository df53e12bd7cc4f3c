/* SPDX-License-Identifier: GPL-2.0 */
/* Making a cgroup, and those above it that are missing. */
#ifndef CGROUP_BRANCH_H
#define CGROUP_BRANCH_H

#include <stddef.h>

/**
 * struct cgroup_branch - a cgroup and those above it
 * @path: of the lowest one; changed while they are made, and cut while they are removed
 * @mount: the length of the path of the mount, which @path begins with
 * @made: set to the length of the path of the uppermost one that is new; 0: none is
 * @controllers: set to the reason why not all controllers are on, a negative errno; or 0
 */
struct cgroup_branch {
	char *path;
	size_t mount;
	size_t made;
	int controllers;
};

/**
 * cgroup_branch_make() - make all that are missing
 * Turns all controllers on in those above the lowest one. Returns 0, also if none was
 * missing, or a negative errno. After an error some may have been made.
 */
int cgroup_branch_make(struct cgroup_branch *branch);

/** cgroup_branch_remove() - remove those that were made */
void cgroup_branch_remove(struct cgroup_branch *branch);

#endif /* CGROUP_BRANCH_H */
