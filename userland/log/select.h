/* SPDX-License-Identifier: GPL-2.0 */
/* Which lines of a log are wanted. A line is one whose parts are joined. */
#ifndef LOG_SELECT_H
#define LOG_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "format.h"

/**
 * struct log_select - all of these at once; zeroed: every line
 * The time of a line is that of its first part. A line without a prefix has no
 * stream and no time, and is wanted where neither is asked for.
 */
struct log_select {
	bool one_stream;
	enum log_stream stream;
	bool has_since;
	bool has_until;
	int64_t since; /* ns since 1970; this moment or later */
	int64_t until; /* before this moment */
	bool has_tail;
	uint64_t tail; /* the last so many of those wanted otherwise */
};

/** log_select_by_prefix() - whether something is asked of lines' prefixes */
bool log_select_by_prefix(const struct log_select *select);

/**
 * log_select_wants() - whether the line is wanted, as far as stream and time go
 * @head: of its first part, or NULL where it has none; @time: its text
 */
bool log_select_wants(const struct log_select *select,
		      const struct log_head *head, const char *time);

/**
 * struct log_start - where printing starts
 * @scan: the line to begin to read at
 * @print: lines whose first part is before it are not printed
 */
struct log_start {
	off_t scan;
	off_t print;
};

/**
 * log_select_start() - find the first line that is wanted, by its number from the
 * end, reading from there; 0 or a negative errno
 * To know whether a part is the first of its line, the one before it on its stream
 * is looked for; where that is more than 1 MiB away, it is taken for the first.
 */
int log_select_start(const struct log_select *select, struct log_files *files,
		     struct log_start *start);

#endif /* LOG_SELECT_H */
