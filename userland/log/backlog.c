// SPDX-License-Identifier: GPL-2.0
#include "backlog.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "format.h"
#include "iovec.h"

int log_backlog_init(struct log_backlog *l, const char *dir, uint32_t slot)
{
	l->fd = -1;
	if (asprintf(&l->path, "%s/backlog-%" PRIu32, dir, slot) >= 0)
		return 0;
	l->path = NULL;
	return -ENOMEM;
}

void log_backlog_free(struct log_backlog *l)
{
	cleanup_close(&l->fd);
	free(l->path);
	l->path = NULL;
}

static int open_file(struct log_backlog *l)
{
	if (l->fd >= 0)
		return 0;
	l->fd = open(l->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return l->fd < 0 ? -errno : 0;
}

int log_backlog_add(struct log_backlog *l, uint64_t *end,
		    const struct log_record *rec, const struct iovec data[2],
		    size_t skip)
{
	struct log_record header = *rec;
	struct iovec piece[3] = { { &header, sizeof(header) },
				  data[0],
				  data[1] };
	ssize_t n;
	int err = open_file(l);

	if (err)
		return err;
	header.length -= skip;
	iovec_skip(piece + 1, 2, skip);
	n = pwritev(l->fd, piece, 3, *end);
	if (n < 0)
		return -errno;
	if ((size_t)n != sizeof(header) + header.length)
		return -ENOSPC;
	*end += n;
	return 0;
}

int64_t log_backlog_get(struct log_backlog *l, uint64_t start, uint64_t end,
			struct log_record *rec, char *payload)
{
	ssize_t n;
	int err = open_file(l);

	if (err)
		return err;
	n = pread(l->fd, rec, sizeof(*rec), start);
	if (n < 0)
		return -errno;
	if (n != sizeof(*rec) || rec->length > LOG_BACKLOG_RECORD_MAX ||
	    rec->stream >= LOG_N_STREAMS ||
	    start + sizeof(*rec) + rec->length > end)
		return -EBADMSG;
	n = pread(l->fd, payload, rec->length, start + sizeof(*rec));
	if (n < 0)
		return -errno;
	if ((size_t)n != rec->length)
		return -EBADMSG;
	return start + sizeof(*rec) + rec->length;
}

void log_backlog_drop(struct log_backlog *l, uint64_t start)
{
	/* A file system that cannot do that keeps the space until the file is removed. */
	if (l->fd >= 0)
		(void)!fallocate(l->fd,
				 FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
				 start);
}

void log_backlog_remove(struct log_backlog *l)
{
	cleanup_close(&l->fd);
	unlink(l->path);
}
