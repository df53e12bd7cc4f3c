/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's own cgroup. It is made before the container, which is born in
 * it, and removed when the container's init has been reaped. By then nothing
 * of the container's PID namespace lives any more; whatever else has come to be
 * in the cgroup is killed, and the cgroups in it go with it.
 */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include <stdbool.h>

#include "tree.h"
#include "base/loop.h"

struct cgroup {
	char *path;		   /* NULL: none */
	int fd;			   /* its folder; -1: none */
	struct loop_source events; /* its end is waited for; owns the fd */
};

void cgroup_init(struct cgroup *cgroup);
/** cgroup_free() - frees memory, nothing more */
void cgroup_free(struct cgroup *cgroup);

/**
 * cgroup_place() - set the path that the cgroup of the container @name is to have
 * None where there is no tree. Returns 0 or -ENOMEM.
 */
int cgroup_place(struct cgroup *cgroup, const struct cgroup_tree *tree,
		 const char *name);

/** cgroup_is_named() - whether @path is that of a cgroup for the container @name */
bool cgroup_is_named(const char *path, const char *name);

/**
 * cgroup_make() - make it, where it has a path
 * One that is left over from an earlier container is removed. -EBUSY: that has
 * processes in it.
 */
int cgroup_make(struct cgroup *cgroup, const struct cgroup_tree *tree);

/**
 * cgroup_open() - take over one that is there; @path is for free() by it
 * -ENOENT: it is gone, which leaves none.
 */
int cgroup_open(struct cgroup *cgroup, char *path);

/**
 * cgroup_wait_left() - until there are no processes in the cgroup @path
 * Waits for no longer than the dead need. Returns 0, also where there is no such
 * cgroup, -EBUSY where some live on, or another negative errno.
 */
int cgroup_wait_left(const char *path);

/**
 * cgroup_remove() - remove it, with all that is in it
 * @news: called when it is to be called again
 * Returns 0 when it is gone (also where there was none), -EINPROGRESS when
 * processes in it have yet to die, or another negative errno: it stays.
 */
int cgroup_remove(struct cgroup *cgroup, struct loop *loop, loop_fn news);

#endif /* CGROUP_CGROUP_H */
