/* SPDX-License-Identifier: GPL-2.0 */
/* Files of environment variables, as --env-file takes them. */
#ifndef ENGINE_ENV_FILE_H
#define ENGINE_ENV_FILE_H

#include "base/failure.h"
#include "base/strings.h"

/**
 * env_files_read() - put the variables of files before those in @env
 * A file has one KEY=VALUE a line. Empty lines and lines that begin with "#" are left out.
 * The value is everything after the "=", also quotes and blanks.
 */
int env_files_read(const struct string_list *paths, struct string_list *env,
		   struct failure *failure);

#endif /* ENGINE_ENV_FILE_H */
