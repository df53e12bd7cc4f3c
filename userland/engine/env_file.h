/* SPDX-License-Identifier: GPL-2.0 */
/* Environment variables as --env and --env-file take them. */
#ifndef ENGINE_ENV_FILE_H
#define ENGINE_ENV_FILE_H

#include "base/failure.h"
#include "base/strings.h"

/**
 * env_complete() - put the variables of files before those in @env
 * A file has one variable a line. Empty lines and lines that begin with "#" are left out.
 * The value is everything after the "=", also quotes and blanks. A KEY without "=" gets the
 * value that it has in our own environment, and is left out if it has none there.
 */
int env_complete(const struct string_list *paths, struct string_list *env,
		 struct failure *failure);

#endif /* ENGINE_ENV_FILE_H */
