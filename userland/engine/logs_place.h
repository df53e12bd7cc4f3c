/* SPDX-License-Identifier: GPL-2.0 */
/* Finding the log of a container for "engine logs". */
#ifndef ENGINE_LOGS_PLACE_H
#define ENGINE_LOGS_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/connection.h"
#include "log/settings.h"
#include "options.h"

/** struct log_place - what is known of a log */
struct log_place {
	char *path; /* for free() */
	bool has_driver;
	enum log_driver driver;
	/* Files that were begun earlier are another container's; 0: not known. */
	int64_t since;	/* ns since 1970 */
	bool ended;	/* nothing more comes */
	bool connected; /* to the supervisor that said all this */
};

/**
 * log_place_find() - ask the supervisor, else the kernel, else take the usual place
 * @connection: stays open if a supervisor has answered; connection_close() is allowed
 *	in any case, and so is log_place_free()
 * Returns 0, or -1 with @failure filled.
 */
int log_place_find(const struct logs_options *options,
		   struct connection *connection, struct log_place *place,
		   struct failure *failure);
void log_place_free(struct log_place *place);

#endif /* ENGINE_LOGS_PLACE_H */
