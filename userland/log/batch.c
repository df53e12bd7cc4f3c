// SPDX-License-Identifier: GPL-2.0
#include "batch.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "iovec.h"

void log_batch_reset(struct log_batch *b)
{
	b->first = 0;
	b->n = 0;
	b->bytes = 0;
	b->copied = 0;
	b->limit = SIZE_MAX;
}

/* A line takes three pieces at most: a copy, a reference, and a copy of the newline. */
bool log_batch_room(const struct log_batch *b, size_t copied, size_t referred)
{
	return b->n + 3 <= IOV_MAX && b->copied + copied <= LOG_BATCH_COPY &&
	       b->bytes + copied + referred <= b->limit;
}

void log_batch_refer(struct log_batch *b, const void *p, size_t len)
{
	struct iovec *last = b->n ? &b->iov[b->n - 1] : NULL;

	if (!len)
		return;
	if (last && (char *)last->iov_base + last->iov_len == p)
		last->iov_len += len;
	else
		b->iov[b->n++] = (struct iovec){ (void *)p, len };
	b->bytes += len;
}

char *log_batch_place(struct log_batch *b, size_t len)
{
	char *to = b->copy + b->copied;

	b->copied += len;
	log_batch_refer(b, to, len);
	return to;
}

void log_batch_copy(struct log_batch *b, const void *p, size_t len)
{
	if (len)
		memcpy(log_batch_place(b, len), p, len);
}

int log_batch_write(struct log_batch *b, int fd)
{
	ssize_t n;

	if (!b->bytes)
		return 0;
	n = writev(fd, b->iov + b->first, b->n - b->first);
	if (n < 0)
		return -errno;
	/* Without an error and without progress the caller would try for ever. */
	if (!n)
		return -EIO;
	b->bytes -= n;
	b->first += iovec_skip(b->iov + b->first, b->n - b->first, n);
	return 0;
}
