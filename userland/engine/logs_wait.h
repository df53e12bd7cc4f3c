/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for the end of a container while following its log. */
#ifndef ENGINE_LOGS_WAIT_H
#define ENGINE_LOGS_WAIT_H

#include <stdbool.h>

#include "control/connection.h"

/** struct end_wait - the caller sets all but @asked */
struct end_wait {
	const char *run_dir;
	const char *id;
	struct connection *connection;
	bool connected; /* false: wait for a supervisor */
	bool ended;	/* the container has ended */
	struct failure *failure;

	bool asked;
};

/**
 * end_wait() - a log_wait_fn of follow.h; @arg is a struct end_wait
 * If the supervisor dies, this waits for the next one and asks it. Errors: -EPIPE (the
 * reader of stdout has closed it), -ECANCELED (@failure is filled).
 */
int end_wait(void *arg, int watch_fd);

#endif /* ENGINE_LOGS_WAIT_H */
