/* SPDX-License-Identifier: GPL-2.0 */
/* The processes of a cgroup. */
#ifndef CGROUP_PROCESSES_H
#define CGROUP_PROCESSES_H

#include <stddef.h>
#include <sys/types.h>

/**
 * cgroup_processes() - list the processes in a cgroup and below
 * @pids: PIDs in ascending order, each once, for free(); NULL if there are none
 * Processes that are not in the caller's PID namespace are left out. Returns 0 or a
 * negative errno.
 */
int cgroup_processes(int folder, pid_t **pids, size_t *n);

#endif /* CGROUP_PROCESSES_H */
