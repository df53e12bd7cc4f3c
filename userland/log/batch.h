/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A batch: what one writev() is to write. Short pieces are copied, long ones
 * are referred to where they lie and have to stay there until the batch is
 * written.
 */
#ifndef LOG_BATCH_H
#define LOG_BATCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define LOG_BATCH_COPY 262144 /* bytes of copied pieces */

struct log_batch {
	struct iovec iov[IOV_MAX];
	size_t first;  /* of iov that is not written yet */
	size_t n;      /* used of iov */
	size_t bytes;  /* not written yet */
	size_t limit;  /* bytes that it may hold; the user's */
	size_t copied; /* used of copy */
	char copy[LOG_BATCH_COPY];
};

/** log_batch_reset() - nothing is in it, and it has no limit */
void log_batch_reset(struct log_batch *b);

/** log_batch_room() - do @copied bytes and one reference of @referred fit? */
bool log_batch_room(const struct log_batch *b, size_t copied, size_t referred);

/* The caller has asked log_batch_room(). */
/** log_batch_place() - a copy whose @len bytes the caller fills in */
char *log_batch_place(struct log_batch *b, size_t len);
void log_batch_copy(struct log_batch *b, const void *p, size_t len);
void log_batch_refer(struct log_batch *b, const void *p, size_t len);

/** log_batch_write() - one writev(); returns 0 or a negative errno */
int log_batch_write(struct log_batch *b, int fd);

#endif /* LOG_BATCH_H */
