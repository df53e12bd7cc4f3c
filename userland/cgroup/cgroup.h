/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cgroup of one container. It is made before the container, whose first process is
 * created in it, and removed when the container's init has been reaped. By then no
 * process of the container's PID namespace is alive. Removal kills any other process in
 * the cgroup, and removes the cgroups below it.
 */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include <stdbool.h>

#include "tree.h"
#include "base/loop.h"

struct cgroup {
	char *path; /* NULL: none */
	int fd;	    /* its folder; -1: it is not made */
	/* cgroup.events, while cgroup_remove() waits; owns the descriptor */
	struct loop_source events;
};

void cgroup_init(struct cgroup *cgroup);
/** cgroup_free() - free the memory; the cgroup itself stays */
void cgroup_free(struct cgroup *cgroup);

/**
 * cgroup_place() - set the path for the cgroup of the container @name
 * Sets none if there is no tree. Returns 0 or -ENOMEM.
 */
int cgroup_place(struct cgroup *cgroup, const struct cgroup_tree *tree,
		 const char *name);

/** cgroup_is_named() - tell whether the cgroup @path has the name for container @name */
bool cgroup_is_named(const char *path, const char *name);

/**
 * cgroup_make() - make the cgroup, if it has a path
 * Removes a cgroup that an earlier container has left there. Returns 0 or a negative
 * errno; -EBUSY: processes are left in that cgroup.
 */
int cgroup_make(struct cgroup *cgroup, const struct cgroup_tree *tree);

/**
 * cgroup_open() - take over an existing cgroup; @path is taken over, too
 * Returns 0 or a negative errno; -ENOENT: it is gone.
 */
int cgroup_open(struct cgroup *cgroup, char *path);

/**
 * cgroup_wait_left() - wait until no processes are in the cgroup @path
 * Waits only as long as processes that were killed need to exit. Returns 0, also if there
 * is no such cgroup; -EBUSY if processes are left; or another negative errno.
 */
int cgroup_wait_left(const char *path);

/**
 * cgroup_remove() - kill the processes in the cgroup, and remove it with those below it
 * @news: called when the cgroup has become empty; call cgroup_remove() again then
 * Returns 0 if it is gone or was never made, -EINPROGRESS if processes have yet to exit,
 * or another negative errno if it cannot be removed.
 */
int cgroup_remove(struct cgroup *cgroup, struct loop *loop, loop_fn news);

#endif /* CGROUP_CGROUP_H */
