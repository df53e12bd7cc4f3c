/* SPDX-License-Identifier: GPL-2.0 */
/* The orderly end of a supervisor. */
#ifndef ENGINE_SHUTDOWN_H
#define ENGINE_SHUTDOWN_H

#include <stdbool.h>

struct supervisor;

/**
 * shutdown_request() - stop all containers; those who ask for starts are refused
 * The second request gives no grace: containers are killed, and what cannot be
 * written to a log by the time they are dead is given up.
 */
void shutdown_request(struct supervisor *supervisor);

/** shutdown_is_done() - whether the loop may end; look after each turn */
bool shutdown_is_done(struct supervisor *supervisor);

/** shutdown_forget() - take the ended containers out of the kernel's table */
void shutdown_forget(struct supervisor *supervisor);

#endif /* ENGINE_SHUTDOWN_H */
