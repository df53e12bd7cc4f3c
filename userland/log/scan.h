/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Going through a log line by line, in a fixed amount of memory however
 * long its lines are: first the prefix of a line, then its text in pieces.
 */
#ifndef LOG_SCAN_H
#define LOG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "files.h"
#include "format.h"

/** struct log_scan - fields above the line are for callers to read */
struct log_scan {
	off_t line;	      /* where the line begins */
	bool well_formed;     /* its prefix could be read; else all is text */
	struct log_head head; /* where it is well-formed */
	const char *time; /* of head.time_len bytes; until its text is taken */
	bool newline;	  /* it ends with one; known after its text */

	struct log_files *files;
	off_t pos; /* of buf[start] */
	size_t start;
	size_t end; /* of what is in buf */
	bool in_text;
	char buf[65536];
};

/** log_scan_init() - begin with the line at offset @from */
void log_scan_init(struct log_scan *s, struct log_files *files, off_t from);

/** log_scan_next() - the next line; returns 1, 0 at the end, negative errno */
int log_scan_next(struct log_scan *s);

/**
 * log_scan_text() - the next piece of the line's text
 * @piece: valid until the next call. Returns its length, 0 at the end of the
 * line, or a negative errno.
 */
ssize_t log_scan_text(struct log_scan *s, const char **piece);

/** log_scan_skip() - skip what is left of the line; returns 0 or an errno */
int log_scan_skip(struct log_scan *s);

#endif /* LOG_SCAN_H */
