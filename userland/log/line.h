/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the bytes of one stream to lines in the format of format.h.
 *
 * A line that has no newline yet is kept here, at most LOG_TEXT_MAX bytes of
 * it, until its newline, its next byte beyond these, or the end of the stream
 * comes. It carries the time of whatever completed it, so that times in a file
 * do not run backwards. A line of LOG_TEXT_MAX bytes is still whole; of a longer
 * one every part but the last has that length. A last line without a newline is
 * written as if it had one.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "batch.h"
#include "format.h"

/** struct log_line - the line that a stream is at; all zero at its beginning */
struct log_line {
	char *text;
	size_t len;
	size_t size;  /* of text */
	bool partial; /* parts of the line have been put into a batch */

	/* For whoever keeps the text elsewhere too, see marks.h */
	size_t saved;	    /* bytes of it that are there */
	unsigned int place; /* 0 or 1; the other one once it has left here */
};

/**
 * log_line_feed() - put the lines that @p completes into @b
 * Returns how many bytes were taken. These are less than @len when the batch is
 * full: call again with the rest when it is written. Where there is no memory to
 * keep a line's beginning, that becomes a part of its own.
 */
size_t log_line_feed(struct log_line *l, struct log_batch *b,
		     const struct log_prefix *prefix, const char *p,
		     size_t len);

/** log_line_keep() - it begins with @p; false where there is no memory */
bool log_line_keep(struct log_line *l, const char *p, size_t len);

/**
 * log_line_end() - the stream has ended: put what is left into @b
 * Returns false when the batch is full: call again when it is written.
 */
bool log_line_end(struct log_line *l, struct log_batch *b,
		  const struct log_prefix *prefix);

void log_line_free(struct log_line *l);

#endif /* LOG_LINE_H */
