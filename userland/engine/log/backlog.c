// SPDX-License-Identifier: GPL-2.0
#include "backlog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

size_t log_backlog_bytes(const struct log_backlog *l)
{
	return l->rest_len - l->rest_done + l->end - l->start;
}

static void free_rest(struct log_backlog *l)
{
	free(l->rest);
	l->rest = NULL;
	l->rest_len = 0;
	l->rest_done = 0;
}

static void free_records(struct log_backlog *l)
{
	free(l->records);
	l->records = NULL;
	l->start = 0;
	l->end = 0;
	l->size = 0;
}

void log_backlog_free(struct log_backlog *l)
{
	free_rest(l);
	free_records(l);
}

int log_backlog_hold(struct log_backlog *l, struct log_batch *b)
{
	size_t left = l->rest_len - l->rest_done;
	char *rest;

	if (!b->bytes)
		return 0;
	rest = malloc(left + b->bytes);
	if (!rest)
		return -ENOMEM;
	if (left)
		memcpy(rest, l->rest + l->rest_done, left);
	log_batch_gather(b, rest + left);
	free_rest(l);
	l->rest = rest;
	l->rest_len = left + b->bytes;
	log_batch_reset(b);
	return 0;
}

int log_backlog_write(struct log_backlog *l, int fd)
{
	size_t left = l->rest_len - l->rest_done;
	ssize_t n;

	if (!left)
		return 0;
	n = write(fd, l->rest + l->rest_done, left);
	if (n < 0)
		return -errno;
	if (!n)
		return -EIO;
	l->rest_done += n;
	if ((size_t)n < left)
		return 1;
	free_rest(l);
	return 0;
}

size_t log_backlog_drop(struct log_backlog *l)
{
	size_t left = l->rest_len - l->rest_done;

	free_rest(l);
	return left;
}

static int grow(struct log_backlog *l, size_t need)
{
	size_t size = l->size ? l->size : 4096;
	char *records;

	if (l->end + need <= l->size)
		return 0;
	if (l->start) {
		memmove(l->records, l->records + l->start, l->end - l->start);
		l->end -= l->start;
		l->start = 0;
		if (l->end + need <= l->size)
			return 0;
	}
	while (size < l->end + need)
		size *= 2;
	records = realloc(l->records, size);
	if (!records)
		return -ENOMEM;
	l->records = records;
	l->size = size;
	return 0;
}

int log_backlog_add(struct log_backlog *l, const struct log_record *rec,
		    const struct iovec data[2])
{
	char *to;
	int err;

	err = grow(l, sizeof(*rec) + rec->length);
	if (err)
		return err;
	to = l->records + l->end;
	memcpy(to, rec, sizeof(*rec));
	to += sizeof(*rec);
	for (int i = 0; i < 2; i++) {
		if (data[i].iov_len)
			memcpy(to, data[i].iov_base, data[i].iov_len);
		to += data[i].iov_len;
	}
	l->end = to - l->records;
	return 0;
}

bool log_backlog_peek(const struct log_backlog *l, struct log_record *rec,
		      struct iovec data[2])
{
	char *from;

	if (l->start == l->end)
		return false;
	from = l->records + l->start;
	memcpy(rec, from, sizeof(*rec));
	data[0] = (struct iovec){ from + sizeof(*rec), rec->length };
	data[1] = (struct iovec){ from, 0 };
	return true;
}

void log_backlog_shift(struct log_backlog *l, const struct log_record *rec)
{
	struct log_record old;

	memcpy(&old, l->records + l->start, sizeof(old));
	l->start += old.length - rec->length;
	memcpy(l->records + l->start, rec, sizeof(*rec));
}

void log_backlog_pop(struct log_backlog *l)
{
	struct log_record rec;

	memcpy(&rec, l->records + l->start, sizeof(rec));
	l->start += sizeof(rec) + rec.length;
	if (l->start == l->end)
		free_records(l);
}
