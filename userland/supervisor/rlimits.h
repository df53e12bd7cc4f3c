/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The limits of setrlimit(2) that containers get.
 *
 * The kernel counts some things by user, over all processes of that user, and holds
 * the sum against the limit of the process that wants one more. Root of a container
 * is the same user as root of the host. Containers therefore get half of what the
 * supervisor has: if they have used that up, the other half is the host's.
 */
#ifndef SUPERVISOR_RLIMITS_H
#define SUPERVISOR_RLIMITS_H

#include "launch/launch.h"

#define N_RLIMITS 3

/** struct container_rlimits - for struct container_spec */
struct container_rlimits {
	struct resource_limit limits[N_RLIMITS];
	size_t n;
};

/** container_rlimits_find() - from the caller's own limits as they are now */
void container_rlimits_find(struct container_rlimits *rlimits);

#endif /* SUPERVISOR_RLIMITS_H */
