/* SPDX-License-Identifier: GPL-2.0 */
/* A log that grows: what comes to it is waited for, through any rotation. */
#ifndef LOG_FOLLOW_H
#define LOG_FOLLOW_H

#include <stdbool.h>
#include <stdio.h>

#include "files.h"
#include "base/watch.h"

/**
 * log_wait_fn - wait until @watch_fd can be read, or for what else there is
 * Returns 1 when nothing will be written to the log any more, 0 when it may have
 * been, or a negative errno, which ends all.
 */
typedef int (*log_wait_fn)(void *arg, int watch_fd);

struct log_follow {
	const char *path; /* for messages */
	log_wait_fn wait;
	void *arg;
	FILE *out; /* is flushed before each wait */

	struct watch watch;
	int folder; /* numbers of watches */
	int last;
	int last_fd; /* the file that last is a watch of */
	bool ended;
	bool told_missed;
};

/**
 * log_follow_begin() - from here on @files grow as the log does
 * All fields of @follow but those behind the empty line are set. A reader of @files
 * then waits at their end. Returns 0 or a negative errno; log_follow_end() is
 * allowed in any case, before log_files_close().
 */
int log_follow_begin(struct log_follow *follow, struct log_files *files);
void log_follow_end(struct log_follow *follow, struct log_files *files);

#endif /* LOG_FOLLOW_H */
