/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for the end of a container, for a log that is followed. */
#ifndef ENGINE_LOGS_WAIT_H
#define ENGINE_LOGS_WAIT_H

#include <stdbool.h>

#include "control/connection.h"

/** struct end_wait - the caller sets all but @asked */
struct end_wait {
	const char *run_dir;
	const char *id;
	struct connection *connection;
	bool connected; /* else wait for a supervisor */
	bool ended;	/* already */
	struct failure *failure;

	bool asked;
};

/**
 * end_wait() - a log_wait_fn of follow.h; @arg is a struct end_wait
 * If the supervisor goes, it waits for the next one and asks that. -EPIPE: nobody reads
 * standard output any more. -ECANCELED: another failure, which @failure has.
 */
int end_wait(void *arg, int watch_fd);

#endif /* ENGINE_LOGS_WAIT_H */
