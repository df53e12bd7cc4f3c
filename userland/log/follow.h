/* SPDX-License-Identifier: GPL-2.0 */
/* Following a log: waiting for what is written to it, while it is rotated. */
#ifndef LOG_FOLLOW_H
#define LOG_FOLLOW_H

#include <stdbool.h>
#include <stdio.h>

#include "base/watch.h"
#include "files.h"

/**
 * log_wait_fn - wait until @watch_fd is readable, or for events of the caller's own
 * Returns 1 if nothing will be written to the log any more, 0 if something may have been,
 * or a negative errno, which ends the following.
 */
typedef int (*log_wait_fn)(void *arg, int watch_fd);

/** struct log_follow - the caller sets the fields above the empty line */
struct log_follow {
	const char *path; /* for messages */
	log_wait_fn wait;
	void *arg;
	FILE *out; /* flushed before each wait */

	struct watch watch;
	int last;      /* number of the watch of the last file */
	int last_fd;   /* that file */
	bool ended;    /* @wait has returned 1 */
	bool reported; /* that files were missed */
};

/**
 * log_follow_begin() - from now on a reader of @files waits at their end for more
 * Returns 0 or a negative errno. log_follow_end() may be called in any case, and must be
 * called before log_files_close().
 */
int log_follow_begin(struct log_follow *follow, struct log_files *files);
void log_follow_end(struct log_follow *follow, struct log_files *files);

#endif /* LOG_FOLLOW_H */
