/* SPDX-License-Identifier: GPL-2.0 */
/* Making the process of a launch, in the parent. */
#ifndef LAUNCH_CLONE_H
#define LAUNCH_CLONE_H

#include "plan.h"

/**
 * clone_child() - make the process; it waits at the gate "registered"
 * On failure there is no process, and *@pid and *@pidfd are -1.
 */
int clone_child(struct launch_plan *plan, pid_t *pid, int *pidfd,
		struct failure *failure);

#endif /* LAUNCH_CLONE_H */
