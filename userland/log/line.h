/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Turning the bytes of one stream into lines in the format of format.h.
 *
 * The beginning of a line that has no newline yet is kept here, at most LOG_TEXT_MAX
 * bytes, until its newline, one more byte, or the end of the stream comes, or until the
 * writer does not wait any longer (writer.h). The line carries the time of the read that
 * completed it, so that times in a file do not run backwards. A line of LOG_TEXT_MAX bytes
 * is whole if it came at once; a longer one has parts of at most that length. A last line
 * without a newline is a part that no other follows.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "batch.h"
#include "format.h"
#include "marks.h"

/** struct log_line - the unfinished line of a stream; all zero: there is none */
struct log_line {
	char *text;
	size_t len;
	size_t size;  /* of text */
	bool partial; /* parts of the line are in a batch or in the file */

	/* The copy of the text in the marks (marks.h) */
	size_t saved; /* how many bytes it has */
	unsigned int
		place; /* 0 or 1; the copy of the next line takes the other one */
};

/**
 * log_line_feed() - put the lines that @p completes into @b
 * Returns how many bytes it has used. If these are less than @len, the batch is full: call
 * again with the rest when it is written. If there is no memory to keep the beginning of
 * a line, that is written as a part of the line.
 */
size_t log_line_feed(struct log_line *l, struct log_batch *b,
		     const struct log_prefix *prefix, const char *p,
		     size_t len);

/**
 * log_line_end() - do not wait for the end of the unfinished line: put it into @b
 * Returns false if the batch is full: call again when it is written.
 */
bool log_line_end(struct log_line *l, struct log_batch *b,
		  const struct log_prefix *prefix);

/** log_line_save() - write text that is new to the marks; @mark: filled */
int log_line_save(struct log_line *l, struct log_marks *marks, uint32_t slot,
		  enum log_stream stream, struct log_mark_line *mark);
/** log_line_load() - replace the line by the one in the marks */
int log_line_load(struct log_line *l, struct log_marks *marks, uint32_t slot,
		  enum log_stream stream, const struct log_mark_line *mark);

void log_line_free(struct log_line *l);

#endif /* LOG_LINE_H */
