/* SPDX-License-Identifier: GPL-2.0 */
/* Finding the log of a container for "engine logs". */
#ifndef ENGINE_LOGS_PLACE_H
#define ENGINE_LOGS_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/connection.h"
#include "log/settings.h"
#include "options.h"

/** struct log_place - where a log is, and its state */
struct log_place {
	char *path;
	bool has_driver;
	enum log_driver driver;
	bool known;	/* the supervisor or the kernel knows the container */
	bool ended;	/* the log is complete */
	bool connected; /* a supervisor has answered */
};

/**
 * log_place_find() - ask the supervisor, or the kernel, or else use the usual path
 * @connection: stays open if a supervisor has answered
 * Returns 0, or -1 with @failure filled. The caller must call connection_close() and
 * log_place_free(), even after a failure.
 */
int log_place_find(const struct logs_options *options,
		   struct connection *connection, struct log_place *place,
		   struct failure *failure);
void log_place_free(struct log_place *place);

#endif /* ENGINE_LOGS_PLACE_H */
