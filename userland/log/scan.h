/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading a log forwards, line by line: first the prefix of a line, then its text in
 * pieces. It takes the same memory however long the lines are.
 */
#ifndef LOG_SCAN_H
#define LOG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "files.h"
#include "format.h"

/** struct log_scan - callers may read the fields above the empty line */
struct log_scan {
	off_t line;	      /* where the line begins */
	bool well_formed;     /* it has a prefix; else all of it is text */
	struct log_head head; /* if it is well-formed */
	const char *time; /* head.time_len bytes; valid until its text is read */
	bool newline;	  /* it ends with one; valid after its text is read */

	struct log_files *files;
	off_t pos;    /* offset of buf[start] */
	size_t start; /* the bytes in buf that are not used yet */
	size_t end;
	bool in_text;
	char buf[65536];
};

/** log_scan_init() - start at offset @from, where a line begins */
void log_scan_init(struct log_scan *s, struct log_files *files, off_t from);

/** log_scan_next() - go to the next line; returns 1, 0 at the end, or a negative errno */
int log_scan_next(struct log_scan *s);

/**
 * log_scan_text() - read the next piece of the line's text
 * @piece: valid until the next call. Returns its length, 0 at the end of the line, or a
 * negative errno.
 */
ssize_t log_scan_text(struct log_scan *s, const char **piece);

#endif /* LOG_SCAN_H */
