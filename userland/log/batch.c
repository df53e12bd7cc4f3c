// SPDX-License-Identifier: GPL-2.0
#include "batch.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

void log_batch_reset(struct log_batch *b)
{
	b->first = 0;
	b->n = 0;
	b->bytes = 0;
	b->copied = 0;
	b->limit = SIZE_MAX;
}

/* A line is copied, referred to, copied (the newline): three pieces. */
bool log_batch_room(const struct log_batch *b, size_t copied, size_t referred)
{
	return b->n + 3 <= IOV_MAX && b->copied + copied <= LOG_BATCH_COPY &&
	       b->bytes + copied + referred <= b->limit;
}

static void add(struct log_batch *b, const void *p, size_t len)
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
	add(b, to, len);
	return to;
}

void log_batch_copy(struct log_batch *b, const void *p, size_t len)
{
	if (len)
		memcpy(log_batch_place(b, len), p, len);
}

void log_batch_refer(struct log_batch *b, const void *p, size_t len)
{
	add(b, p, len);
}

static void advance(struct log_batch *b, size_t written)
{
	b->bytes -= written;
	while (written) {
		struct iovec *v = &b->iov[b->first];
		size_t n = written < v->iov_len ? written : v->iov_len;

		v->iov_base = (char *)v->iov_base + n;
		v->iov_len -= n;
		written -= n;
		if (!v->iov_len)
			b->first++;
	}
}

int log_batch_write(struct log_batch *b, int fd)
{
	ssize_t n;

	if (!b->bytes)
		return 0;
	n = writev(fd, b->iov + b->first, b->n - b->first);
	if (n < 0)
		return -errno;
	/* Nothing written and no error: never to be taken for progress. */
	if (!n)
		return -EIO;
	advance(b, n);
	return 0;
}
