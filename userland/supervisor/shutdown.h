/* SPDX-License-Identifier: GPL-2.0 */
/* The orderly end of a supervisor. */
#ifndef SUPERVISOR_SHUTDOWN_H
#define SUPERVISOR_SHUTDOWN_H

#include "supervisor.h"

/**
 * shutdown_request() - stop all containers; from now on starts are refused
 * Logs that cannot be written are waited for: for log_give_up_ms from the end of the
 * last container on. The rest is left to the next supervisor. The second request
 * gives no grace period: containers are killed, and when they are dead no log is
 * waited for.
 */
void shutdown_request(struct supervisor *supervisor);

/** shutdown_is_done() - whether the loop may end; to be called after each turn */
bool shutdown_is_done(struct supervisor *supervisor);

/** shutdown_forget() - take the ended containers out of the kernel's table */
void shutdown_forget(struct supervisor *supervisor);

#endif /* SUPERVISOR_SHUTDOWN_H */
