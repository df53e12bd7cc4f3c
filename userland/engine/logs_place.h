/* SPDX-License-Identifier: GPL-2.0 */
/* Where a container's log is: whom "engine logs" asks. */
#ifndef ENGINE_LOGS_PLACE_H
#define ENGINE_LOGS_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "control/connection.h"
#include "log/settings.h"

/** struct log_place - what is known of a log */
struct log_place {
	char *path; /* for free() */
	bool has_driver;
	enum log_driver driver;
	/* Files that were begun earlier are other containers'; 0: not known. */
	int64_t since;	/* ns since 1970 */
	bool ended;	/* nothing more comes */
	bool connected; /* to the supervisor that said all this */
};

/**
 * log_place_find() - ask the supervisor, else the kernel, else know where logs are
 * @connection: is left open where a supervisor has answered; connection_close() is
 *	allowed in any case
 * Returns an enum exit_code, reported. log_place_free() is allowed in any case.
 */
int log_place_find(const struct logs_options *options,
		   struct connection *connection, struct log_place *place);
void log_place_free(struct log_place *place);

#endif /* ENGINE_LOGS_PLACE_H */
