/* SPDX-License-Identifier: GPL-2.0 */
/* A runtime that stays until the process that it has made ends. */
#ifndef OCI_FOREGROUND_H
#define OCI_FOREGROUND_H

#include "launch/launch.h"

/**
 * foreground() - wait for the process of a launch, and pass on our signals and terminal
 * If the process has a terminal of its own, our stdin and stdout are connected with it,
 * and ours is in raw mode meanwhile. The process is reaped.
 * Returns its exit status, 128 + N if signal N ended it, or -1 with @failure filled.
 */
int foreground(struct launch *launch, struct failure *failure);

/** foreground_reap() - kill the process, and reap it */
void foreground_reap(struct launch *launch);

#endif /* OCI_FOREGROUND_H */
