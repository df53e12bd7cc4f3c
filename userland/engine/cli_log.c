// SPDX-License-Identifier: GPL-2.0
/* What options of the command line say of logs, see cli_log.h. */
#include <errno.h>
#include <string.h>

#include "cli_log.h"
#include "control/request.h"
#include "log/settings.h"
#include "base/parse.h"

int cli_log_driver(const char *value, enum log_driver *driver,
		   struct failure *failure)
{
	int err = log_driver_parse(value, driver);

	if (err)
		failed(failure, EXIT_USAGE,
		       "log driver \"%s\": not \"cri\", \"raw\" or \"none\"",
		       value);
	return err;
}

int cli_log_reserve(const char *value, uint64_t *bytes, struct failure *failure)
{
	int err = parse_u64(value, 0, LOG_RESERVE_MAX, bytes);

	if (err)
		failed(failure, EXIT_USAGE,
		       "log reserve \"%s\": not a number of bytes from 0 to %u",
		       value, LOG_RESERVE_MAX);
	return err;
}

int cli_log_give_up(const char *value, int64_t *ms, struct failure *failure)
{
	unsigned int n;
	int err;

	if (!strcmp(value, "never")) {
		*ms = LOG_NEVER;
		return 0;
	}
	err = parse_seconds_ms(value, &n);
	if (err)
		failed(failure, EXIT_USAGE,
		       "log time \"%s\": neither a number of seconds nor \"never\"",
		       value);
	else
		*ms = n;
	return err;
}

int cli_log_max_size(const char *value, uint64_t *bytes,
		     struct failure *failure)
{
	int err = parse_u64(value, LOG_MAX_SIZE_MIN, LOG_MAX_SIZE_MAX, bytes);

	if (err)
		failed(failure, EXIT_USAGE,
		       "log size \"%s\": not a number of bytes, at least %d",
		       value, LOG_MAX_SIZE_MIN);
	return err;
}

int cli_log_max_files(const char *value, uint32_t *files,
		      struct failure *failure)
{
	uint64_t n;
	int err = parse_u64(value, LOG_MAX_FILES_MIN, LOG_MAX_FILES_MAX, &n);

	if (err)
		failed(failure, EXIT_USAGE,
		       "log files \"%s\": not a number from %d to %d", value,
		       LOG_MAX_FILES_MIN, LOG_MAX_FILES_MAX);
	else
		*files = n;
	return err;
}

int cli_storage(const char *value, uint64_t *bytes, struct failure *failure)
{
	int err;

	*bytes = 0;
	if (!strcmp(value, "none"))
		return 0;
	err = parse_mib(value, bytes);
	if (!err && *bytes < STORAGE_MIN)
		err = -EINVAL;
	if (err == -ERANGE)
		failed(failure, EXIT_USAGE, "storage limit \"%s\": too large",
		       value);
	else if (err)
		failed(failure, EXIT_USAGE,
		       "storage limit \"%s\": neither a whole number of MiB above 0 nor \"none\"",
		       value);
	return err;
}
