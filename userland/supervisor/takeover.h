/* SPDX-License-Identifier: GPL-2.0 */
/* "engine supervisor --take-over": taking the place of a supervisor that runs. */
#ifndef SUPERVISOR_TAKEOVER_H
#define SUPERVISOR_TAKEOVER_H

#include "base/failure.h"

/**
 * take_over() - have the supervisor that serves @run_dir leave, and wait until it is dead
 * It leaves everything as it is, for recover(). Does nothing if no supervisor serves the
 * directory.
 */
int take_over(const char *run_dir, struct failure *failure);

#endif /* SUPERVISOR_TAKEOVER_H */
