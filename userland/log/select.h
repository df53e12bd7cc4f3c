/* SPDX-License-Identifier: GPL-2.0 */
/* Selecting lines of a log. Here a line is a whole one, with its parts joined. */
#ifndef LOG_SELECT_H
#define LOG_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "format.h"

/**
 * struct log_select - which lines are wanted; all zero: every line
 * A line must fulfil all conditions. Its time is that of its first part. A line without a
 * prefix has neither stream nor time: it is wanted if there is no condition on these.
 */
struct log_select {
	bool one_stream;
	enum log_stream stream;
	bool has_since;
	bool has_until;
	int64_t since; /* ns since 1970: at this time or later */
	int64_t until; /* before this time */
	bool has_tail;
	uint64_t tail; /* the last ones of those that fulfil all else */
};

/** log_select_by_prefix() - whether there is a condition on stream or time */
bool log_select_by_prefix(const struct log_select *select);

/**
 * log_select_wants() - whether a line fulfils the conditions on stream and time
 * @head: of its first part, or NULL if it has no prefix
 * @time: the text of its time
 */
bool log_select_wants(const struct log_select *select,
		      const struct log_head *head, const char *time);

/**
 * struct log_start - where to start; offsets
 * @scan: start reading at the line that begins here
 * @print: print no line whose first part begins before this
 */
struct log_start {
	off_t scan;
	off_t print;
};

/**
 * log_select_start() - find the first of the last @tail lines, reading backwards
 * A part is the first one of its line if the part before it on its stream ends a line, or
 * if there is none within 1 MiB before it. Returns 0 or a negative errno.
 */
int log_select_start(const struct log_select *select, struct log_files *files,
		     struct log_start *start);

#endif /* LOG_SELECT_H */
