/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting until a container's init has called execve(). */
#ifndef PURSERCTL_STARTED_H
#define PURSERCTL_STARTED_H

#include "base/failure.h"
#include "libpurser/purser.h"

/**
 * wait_started() - wait for the event that a container has started
 * @id: its id
 * @since: the number of an event before its registration
 * Returns 0, at once if it was registered as a running program; or -1 with @failure
 * filled, also if the container ends or is unregistered before.
 */
int wait_started(struct purser *table, const char *name, uint64_t id,
		 uint64_t since, struct failure *failure);

#endif /* PURSERCTL_STARTED_H */
