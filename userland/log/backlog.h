/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The backlog of a log: records that were taken out of the ring while the log file could
 * not be written. They lie one after another in a file beside the ring. The log's mark
 * (marks.h), which the writer keeps, says where in that file they begin and end.
 */
#ifndef LOG_BACKLOG_H
#define LOG_BACKLOG_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "record.h"

/* A record that is longer cannot be kept. */
#define LOG_BACKLOG_RECORD_MAX (1u << 20)

struct log_backlog {
	char *path;
	int fd; /* -1: not opened yet */
};

/** log_backlog_init() - for the log in slot @slot of the marks in @dir; 0 or -ENOMEM */
int log_backlog_init(struct log_backlog *l, const char *dir, uint32_t slot);
/** log_backlog_free() - close the file, which stays, and free memory */
void log_backlog_free(struct log_backlog *l);

/**
 * log_backlog_add() - write a record at offset @end, and move @end behind it
 * @skip: how many bytes of its payload to leave out
 */
int log_backlog_add(struct log_backlog *l, uint64_t *end,
		    const struct log_record *rec, const struct iovec data[2],
		    size_t skip);

/**
 * log_backlog_get() - read the record at offset @start
 * @payload: LOG_BACKLOG_RECORD_MAX bytes. Returns the offset behind the record, or a
 * negative errno: -EBADMSG (there is no valid record).
 */
int64_t log_backlog_get(struct log_backlog *l, uint64_t start, uint64_t end,
			struct log_record *rec, char *payload);

/** log_backlog_drop() - give the space before offset @start back to the file system */
void log_backlog_drop(struct log_backlog *l, uint64_t start);
/** log_backlog_remove() - remove the file */
void log_backlog_remove(struct log_backlog *l);

#endif /* LOG_BACKLOG_H */
