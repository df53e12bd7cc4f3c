/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was taken from the ring for a log file that cannot be written at present:
 * records, one after another, in a file beside the ring. How much of that file
 * counts is said by the log's mark (marks.h), which the writer keeps.
 */
#ifndef LOG_BACKLOG_H
#define LOG_BACKLOG_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "buffer.h"

/* The longest record of which any part may be kept. */
#define LOG_BACKLOG_RECORD_MAX (1u << 20)

struct log_backlog {
	char *path;
	int fd; /* -1 while there is nothing */
};

/** log_backlog_init() - that of slot @slot of the marks in @dir; 0 or -ENOMEM */
int log_backlog_init(struct log_backlog *l, const char *dir, uint32_t slot);
/** log_backlog_free() - closes it; the file stays */
void log_backlog_free(struct log_backlog *l);

/**
 * log_backlog_add() - put a record at offset @end, which moves behind it
 * @skip: bytes of its payload to leave out
 */
int log_backlog_add(struct log_backlog *l, uint64_t *end,
		    const struct log_record *rec, const struct iovec data[2],
		    size_t skip);

/**
 * log_backlog_get() - the record at offset @start
 * @payload: LOG_BACKLOG_RECORD_MAX bytes. Returns the offset behind it, or
 * a negative errno: -EBADMSG (what is there is no record).
 */
int64_t log_backlog_get(struct log_backlog *l, uint64_t start, uint64_t end,
			struct log_record *rec, char *payload);

/** log_backlog_drop() - give back what lies before @start */
void log_backlog_drop(struct log_backlog *l, uint64_t start);
/** log_backlog_remove() - the file goes */
void log_backlog_remove(struct log_backlog *l);

#endif /* LOG_BACKLOG_H */
