/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The limits of setrlimit(2) that containers get. None is inherited: the supervisor may
 * have been started from a shell with other limits.
 *
 * The kernel counts some resources by user, over all processes of that user, and compares
 * the sum with the limit of the process that needs one more. Root of a container is the
 * same user as root of the host. So containers get half of the supervisor's limit: if
 * they use all of that, the host still has the other half.
 */
#ifndef SUPERVISOR_RLIMITS_H
#define SUPERVISOR_RLIMITS_H

#include "launch/launch.h"

#define N_RLIMITS 16

/** struct container_rlimits - the limits for struct process_spec */
struct container_rlimits {
	struct resource_limit limits[N_RLIMITS];
	size_t n;
};

/** container_rlimits_find() - compute the limits from the caller's current limits */
void container_rlimits_find(struct container_rlimits *rlimits);

#endif /* SUPERVISOR_RLIMITS_H */
