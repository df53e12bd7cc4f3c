/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options that say how logs are written, of a container or as the supervisor's
 * defaults. All return 0, or a negative errno with @failure filled.
 */
#ifndef ENGINE_CLI_LOG_H
#define ENGINE_CLI_LOG_H

#include "log/settings.h"
#include "control/request.h"

int cli_log_driver(const char *value, enum log_driver *driver,
		   struct failure *failure);
int cli_log_reserve(const char *value, uint64_t *bytes,
		    struct failure *failure);
/* Milliseconds, or LOG_NEVER. */
int cli_log_give_up(const char *value, int64_t *ms, struct failure *failure);
int cli_log_max_size(const char *value, uint64_t *bytes,
		     struct failure *failure);
int cli_log_max_files(const char *value, uint32_t *files,
		      struct failure *failure);

/** cli_storage() - "none", or MiB from 1 on */
int cli_storage(const char *value, uint64_t *bytes, struct failure *failure);

#endif /* ENGINE_CLI_LOG_H */
