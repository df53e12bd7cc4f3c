/* SPDX-License-Identifier: GPL-2.0 */
/* Applying the restart policy of a container when it has ended; restarts.h has the rules. */
#ifndef SUPERVISOR_RESTART_POLICY_H
#define SUPERVISOR_RESTART_POLICY_H

#include "registry.h"

/** restart_after_end() - start @c again, soon, if its policy or a client wants that */
void restart_after_end(struct container *c);

/**
 * restart_failed() - a start by the policy has failed: try again later, or give up
 * @again: of the container that did not start
 */
void restart_failed(struct supervisor *supervisor, const char *name,
		    const struct container_again *again,
		    const struct failure *failure);

/**
 * restart_at_boot() - start the containers that have no record but the policy "always"
 * They ran before a reboot or before the orderly end of a supervisor. Call this when all
 * records are taken over. It removes the requests of containers that were to be removed
 * after their end, and the oldest of those that nothing else bounds (old_requests.h).
 */
void restart_at_boot(struct supervisor *supervisor);

#endif /* SUPERVISOR_RESTART_POLICY_H */
