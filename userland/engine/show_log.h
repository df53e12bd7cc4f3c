/* SPDX-License-Identifier: GPL-2.0 */
/* The output of a container that "engine run" has started, from its log. */
#ifndef ENGINE_SHOW_LOG_H
#define ENGINE_SHOW_LOG_H

#include <stdbool.h>

#include "log/follow.h"

/**
 * show_log() - print the newest log file and all that comes, until @wait says that it is all
 * The container and its log do not depend on this: if the output cannot be shown, this warns
 * and returns. Returns 0, or -1 if @wait failed.
 */
int show_log(const char *id, const char *path, bool raw, log_wait_fn wait,
	     void *arg);

#endif /* ENGINE_SHOW_LOG_H */
