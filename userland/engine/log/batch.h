/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A batch: what one writev() is to write. Short pieces are copied, long ones
 * are referred to where they lie and have to stay there until the batch is
 * written.
 */
#ifndef ENGINE_LOG_BATCH_H
#define ENGINE_LOG_BATCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define LOG_BATCH_COPY 65536 /* bytes of copied pieces */

struct log_batch {
	struct iovec iov[IOV_MAX];
	size_t first;  /* of iov that is not written yet */
	size_t n;      /* used of iov */
	size_t bytes;  /* not written yet */
	size_t copied; /* used of copy */
	char copy[LOG_BATCH_COPY];
};

void log_batch_reset(struct log_batch *b);

/** log_batch_room() - do @copied bytes and one reference fit? */
bool log_batch_room(const struct log_batch *b, size_t copied);

/* The caller has asked log_batch_room(). */
void log_batch_copy(struct log_batch *b, const void *p, size_t len);
void log_batch_refer(struct log_batch *b, const void *p, size_t len);

/** log_batch_write() - one writev(); returns 0 or a negative errno */
int log_batch_write(struct log_batch *b, int fd);

/** log_batch_gather() - copy all that is not written yet to @to */
void log_batch_gather(const struct log_batch *b, char *to);

#endif /* ENGINE_LOG_BATCH_H */
