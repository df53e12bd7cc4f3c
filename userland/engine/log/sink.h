/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the records of one source go: its log file, the lines that its two
 * streams are at, and what is held back while the file cannot be written. Used
 * by the writer thread alone once the source has been added.
 */
#ifndef ENGINE_LOG_SINK_H
#define ENGINE_LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backlog.h"
#include "batch.h"
#include "buffer.h"
#include "format.h"
#include "line.h"

struct log_sink {
	int fd;
	char *path;
	struct log_line lines[LOG_N_STREAMS];
	struct log_backlog backlog;
	size_t counted; /* bytes of the backlog that the writer has counted */
	bool blocked;	/* the last write failed; all goes to the backlog */
	bool gave_up;	/* nothing is written any more */
	uint64_t lost;	/* bytes that were given up */
	int error;	/* first negative errno of a write, or 0 */
};

/**
 * log_sink_open() - open the file at @path for appending, create it with 0640
 * A line that a crash has left without its newline is given one, so that the
 * next does not become a part of it. Errors: those of open(2) and write(2);
 * -ELOOP where @path is a symbolic link.
 */
int log_sink_open(struct log_sink *k, const char *path);

/**
 * log_sink_put() - put a record into @b, which is written whenever it is full
 * @rec, @data: changed to what is left to do
 * Returns 0, or a negative errno when @b is full and could not be written: call
 * again with the same arguments, or keep them for later.
 */
int log_sink_put(struct log_sink *k, struct log_batch *b,
		 struct log_record *rec, struct iovec data[2]);

/**
 * log_sink_flush() - write all of @b
 * Returns 0, or a negative errno; @b then has what is left.
 */
int log_sink_flush(struct log_sink *k, struct log_batch *b);

/** log_sink_flush_backlog() - write the rest of an earlier batch */
int log_sink_flush_backlog(struct log_sink *k);

/** log_sink_close() - close the file, report what was given up, free all */
void log_sink_close(struct log_sink *k);

#endif /* ENGINE_LOG_SINK_H */
