/* SPDX-License-Identifier: GPL-2.0 */
/* Finding the mount of cgroup v2. */
#ifndef CGROUP_MOUNT_H
#define CGROUP_MOUNT_H

#include <stdbool.h>
#include <stdio.h>

/**
 * cgroup_find_mount() - find where cgroup v2 is mounted
 * @mountinfo: an open file as /proc/self/mountinfo
 * @is_there: tells whether a path leads to cgroup v2: a later mount can hide a mount
 * @path: set to the mount point, for free(). A mount of the whole file system is
 *	preferred to a mount of a part of it.
 * @has_v1: set if cgroup v1 is mounted as well, or only v1
 * Returns 0, -ENOENT if v2 is not mounted, or -ENOMEM.
 */
int cgroup_find_mount(FILE *mountinfo, bool (*is_there)(const char *path),
		      char **path, bool *has_v1);

/** cgroup_is_v2() - tell whether a path leads to cgroup v2 */
bool cgroup_is_v2(const char *path);

/**
 * cgroup_mount() - find where cgroup v2 is mounted for this process
 * As cgroup_find_mount() does, but -ENODEV if v2 is not mounted; other errors are those
 * of opening mountinfo.
 */
int cgroup_mount(char **path, bool *has_v1);

#endif /* CGROUP_MOUNT_H */
