/* SPDX-License-Identifier: GPL-2.0 */
/* Freezing the processes of a cgroup. */
#ifndef CGROUP_FREEZE_H
#define CGROUP_FREEZE_H

#include <stdbool.h>

#include "base/failure.h"

/**
 * cgroup_freeze() - freeze or thaw all processes in a cgroup and below
 * @folder: of the cgroup, open
 * Waits until that is done, but at most 10 s. If processes cannot be frozen, they are
 * thawed again. Returns 0, or -1 with @failure filled.
 */
int cgroup_freeze(int folder, bool freeze, struct failure *failure);

/** cgroup_frozen() - tell whether its processes are frozen: 1, 0 or a negative errno */
int cgroup_frozen(int folder);

#endif /* CGROUP_FREEZE_H */
