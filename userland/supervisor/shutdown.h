/* SPDX-License-Identifier: GPL-2.0 */
/* The orderly end of a supervisor. */
#ifndef SUPERVISOR_SHUTDOWN_H
#define SUPERVISOR_SHUTDOWN_H

#include <stdbool.h>

struct supervisor;

/**
 * shutdown_request() - stop all containers; those who ask for starts are refused
 * Logs that cannot be written are waited for, as long as log_give_up_ms says from
 * the end of the last container on. What could not be written by then is left to
 * the next supervisor. The second request gives no grace: containers are killed,
 * and no log is waited for once they are dead.
 */
void shutdown_request(struct supervisor *supervisor);

/** shutdown_end() - close what it has opened */
void shutdown_end(struct supervisor *supervisor);

/** shutdown_is_done() - whether the loop may end; look after each turn */
bool shutdown_is_done(struct supervisor *supervisor);

/** shutdown_forget() - take the ended containers out of the kernel's table */
void shutdown_forget(struct supervisor *supervisor);

#endif /* SUPERVISOR_SHUTDOWN_H */
