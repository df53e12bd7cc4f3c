/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A batch: the bytes for one writev(), in pieces. Short pieces are copied into the batch,
 * for long ones it holds a reference: their memory must stay until it is written.
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
	size_t first;  /* the first of iov that is not written yet */
	size_t n;      /* used of iov */
	size_t bytes;  /* not written yet */
	size_t limit;  /* how many bytes it may hold; set by the user */
	size_t copied; /* used of copy */
	char copy[LOG_BATCH_COPY];
};

/** log_batch_reset() - make it empty and without a limit */
void log_batch_reset(struct log_batch *b);

/** log_batch_room() - do @copied bytes and one reference to @referred bytes fit? */
bool log_batch_room(const struct log_batch *b, size_t copied, size_t referred);

/* Before these, the caller must have asked log_batch_room(). */
/** log_batch_place() - add @len copied bytes, which the caller fills in */
char *log_batch_place(struct log_batch *b, size_t len);
void log_batch_copy(struct log_batch *b, const void *p, size_t len);
void log_batch_refer(struct log_batch *b, const void *p, size_t len);

/** log_batch_write() - one writev(), which may write a part; 0 or a negative errno */
int log_batch_write(struct log_batch *b, int fd);

#endif /* LOG_BATCH_H */
