/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was taken from the buffer for a file that cannot be written at present:
 * the rest of the batch that failed, as it is to be written, and the records
 * that came after it. Grows as needed; the writer sets the limits.
 */
#ifndef ENGINE_LOG_BACKLOG_H
#define ENGINE_LOG_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "batch.h"
#include "buffer.h"

/** struct log_backlog - empty when all zero */
struct log_backlog {
	char *rest;
	size_t rest_len;
	size_t rest_done; /* bytes of it that have been written */
	char *records;
	size_t start; /* of what is used of records */
	size_t end;
	size_t size; /* of records */
};

/** log_backlog_bytes() - how much is held back */
size_t log_backlog_bytes(const struct log_backlog *l);

/** log_backlog_hold() - keep the rest of @b, which is reset; 0 or -ENOMEM */
int log_backlog_hold(struct log_backlog *l, struct log_batch *b);

/**
 * log_backlog_write() - one write() of the rest
 * Returns 0 when none is left, 1 when some is, or a negative errno.
 */
int log_backlog_write(struct log_backlog *l, int fd);

/** log_backlog_drop() - drop the rest; returns how many bytes that are */
size_t log_backlog_drop(struct log_backlog *l);

/** log_backlog_add() - keep a record after all others; 0 or -ENOMEM */
int log_backlog_add(struct log_backlog *l, const struct log_record *rec,
		    const struct iovec data[2]);

/**
 * log_backlog_peek() - the oldest record, and where its payload lies
 * Returns false where there is none.
 */
bool log_backlog_peek(const struct log_backlog *l, struct log_record *rec,
		      struct iovec data[2]);

/** log_backlog_shift() - replace the oldest by what is left of it in @rec */
void log_backlog_shift(struct log_backlog *l, const struct log_record *rec);

/** log_backlog_pop() - remove the oldest record */
void log_backlog_pop(struct log_backlog *l);

void log_backlog_free(struct log_backlog *l);

#endif /* ENGINE_LOG_BACKLOG_H */
