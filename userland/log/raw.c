// SPDX-License-Identifier: GPL-2.0
#include "raw.h"

#include <stdbool.h>
#include <string.h>

/* How many of @len bytes belong into this file. */
static size_t fitting(const struct log_batch *b, bool partial, uint64_t size,
		      uint64_t max, const char *p, size_t len)
{
	size_t room = b->limit > b->bytes ? b->limit - b->bytes : 0;
	const char *newline;

	if (len <= room)
		return len;
	newline = memrchr(p, '\n', room);
	if (newline)
		return newline + 1 - p;
	size += b->bytes;
	/* A line begins here: it belongs into the next file. */
	if (!partial && size)
		return 0;
	if (size >= 2 * max)
		return 0;
	newline = memchr(p + room, '\n', len - room);
	return newline ? (size_t)(newline + 1 - p) : len;
}

size_t log_raw_feed(struct log_batch *b, uint16_t *partial, uint64_t size,
		    uint64_t max, const char *p, size_t len)
{
	size_t n = fitting(b, *partial, size, max, p, len);
	size_t limit = b->limit;

	/* fitting() has looked at the limit; a line that crosses it must fit. */
	b->limit = SIZE_MAX;
	if (!log_batch_room(b, 0, n))
		n = 0;
	b->limit = limit;
	if (!n)
		return 0;
	log_batch_refer(b, p, n);
	*partial = p[n - 1] != '\n';
	return n;
}
