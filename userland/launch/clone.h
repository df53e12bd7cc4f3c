/* SPDX-License-Identifier: GPL-2.0 */
/* The parent makes the process of a launch, and sets what it alone can set. */
#ifndef LAUNCH_CLONE_H
#define LAUNCH_CLONE_H

#include "plan.h"

/**
 * clone_child() - make the process; it waits for its release
 * On failure there is no process, and *@pid and *@pidfd are -1.
 */
int clone_child(struct launch_plan *plan, pid_t *pid, int *pidfd,
		struct failure *failure);

#endif /* LAUNCH_CLONE_H */
