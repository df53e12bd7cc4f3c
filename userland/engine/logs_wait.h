/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a container, for those that follow its log. */
#ifndef ENGINE_LOGS_WAIT_H
#define ENGINE_LOGS_WAIT_H

#include <stdbool.h>

#include "control/connection.h"

/** struct end_wait - all are set by the caller, but asked */
struct end_wait {
	const char *run_dir;
	const char *id;
	struct connection *connection;
	bool connected; /* else a supervisor is waited for */
	bool ended;	/* already */

	bool asked;
};

/**
 * end_wait() - a log_wait_fn of follow.h; @arg is a struct end_wait
 * A supervisor that goes is waited for until it or another one is there again, and
 * asked anew. -EPIPE: nobody reads standard output any more. -ECANCELED: another
 * failure, which has been reported.
 */
int end_wait(void *arg, int watch_fd);

#endif /* ENGINE_LOGS_WAIT_H */
