/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The privileges and limits of a container's init, for another process in the container.
 * The kernel has them, so they are also those of a container that an earlier version has
 * started. A container can only lower its own; then the other process has less, too.
 */
#ifndef ENGINE_LIKE_INIT_H
#define ENGINE_LIKE_INIT_H

#include <sched.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "base/failure.h"
#include "launch/spec.h"

/** struct like_init - memory that the process_spec then needs; for like_init_free() */
struct like_init {
	struct resource_limit rlimits[RLIM_NLIMITS];
	cpu_set_t *cpus;
};

/**
 * like_init_read() - give @process what the process @pid has
 * Sets the capabilities, no_new_privs, resource limits, oom_score_adj, the nice value and
 * the CPUs; and the engine's filter, if @pid has any filter. The caller must check
 * afterwards that @pid was not used again.
 */
int like_init_read(struct like_init *like, struct process_spec *process,
		   pid_t pid, struct failure *failure);
void like_init_free(struct like_init *like);

#endif /* ENGINE_LIKE_INIT_H */
