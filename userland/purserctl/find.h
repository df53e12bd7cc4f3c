/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finding the process to register by what people know: a unit of systemd, a cgroup, or the
 * name of a program. The process is the one that the others descend from. Functions return
 * 0, or -1 with @failure filled.
 */
#ifndef PURSERCTL_FIND_H
#define PURSERCTL_FIND_H

#include <sys/types.h>

#include "base/failure.h"

/** struct found - a process and its pidfd, which the caller closes */
struct found {
	pid_t pid;
	int pidfd;
};

/** find_by_comm() - the process of that name whose parent has another name */
int find_by_comm(const char *comm, struct found *found,
		 struct failure *failure);

/**
 * find_by_cgroup() - the process in a cgroup, or below it, whose parent is outside
 * @path: of its folder, or below the mount of cgroup v2, as /proc/PID/cgroup has it
 */
int find_by_cgroup(const char *path, struct found *found,
		   struct failure *failure);

/**
 * find_by_unit() - the main process of a unit of systemd
 * If systemd knows none, the one that find_by_cgroup() finds in the cgroup of the unit.
 */
int find_by_unit(const char *unit, struct found *found,
		 struct failure *failure);

/** warn_about_parent() - print a warning if the parent of @pid runs the same program */
void warn_about_parent(pid_t pid);

#endif /* PURSERCTL_FIND_H */
