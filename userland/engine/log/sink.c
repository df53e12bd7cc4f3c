// SPDX-License-Identifier: GPL-2.0
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

static int end_torn_line(int fd)
{
	struct stat st;
	ssize_t n;
	char last;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return 0;
	n = pread(fd, &last, 1, st.st_size - 1);
	if (n < 0)
		return -errno;
	if (n && last != '\n' && write(fd, "\n", 1) < 0)
		return -errno;
	return 0;
}

int log_sink_open(struct log_sink *k, const char *path)
{
	int fd, err;

	/* Non-blocking: nobody's FIFO may stop the thread that opens it. */
	fd = open(path,
		  O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			  O_NOCTTY | O_NONBLOCK,
		  0640);
	if (fd < 0)
		return -errno;
	err = end_torn_line(fd);
	if (err)
		goto out;
	*k = (struct log_sink){ .fd = fd, .path = strdup(path) };
	if (k->path)
		return 0;
	err = -ENOMEM;
out:
	close(fd);
	return err;
}

static int note(struct log_sink *k, int err)
{
	if (!k->error)
		k->error = err;
	return err;
}

int log_sink_flush(struct log_sink *k, struct log_batch *b)
{
	int err;

	while (b->bytes && !k->gave_up) {
		err = log_batch_write(b, k->fd);
		if (err && err != -EINTR)
			return note(k, err);
	}
	k->lost += b->bytes;
	log_batch_reset(b);
	return 0;
}

int log_sink_flush_backlog(struct log_sink *k)
{
	int ret;

	do {
		if (k->gave_up)
			k->lost += log_backlog_drop(&k->backlog);
		ret = log_backlog_write(&k->backlog, k->fd);
	} while (ret > 0 || ret == -EINTR);
	return ret ? note(k, ret) : 0;
}

static int put_payload(struct log_sink *k, struct log_batch *b,
		       const struct log_prefix *prefix, struct log_record *rec,
		       struct iovec *data)
{
	size_t n;
	int err;

	for (;;) {
		n = log_line_feed(&k->lines[rec->stream], b, prefix,
				  data->iov_base, data->iov_len);
		data->iov_base = (char *)data->iov_base + n;
		data->iov_len -= n;
		rec->length -= n;
		if (!data->iov_len)
			return 0;
		err = log_sink_flush(k, b);
		if (err)
			return err;
	}
}

int log_sink_put(struct log_sink *k, struct log_batch *b,
		 struct log_record *rec, struct iovec data[2])
{
	struct log_prefix prefix;
	int err;

	log_format_prefix(&prefix, rec->time, rec->stream);
	for (int i = 0; i < 2; i++) {
		err = put_payload(k, b, &prefix, rec, &data[i]);
		if (err)
			return err;
	}
	if (!(rec->flags & LOG_RECORD_END_OF_STREAM))
		return 0;
	while (!log_line_end(&k->lines[rec->stream], b, &prefix)) {
		err = log_sink_flush(k, b);
		if (err)
			return err;
	}
	rec->flags &= ~LOG_RECORD_END_OF_STREAM;
	return 0;
}

void log_sink_close(struct log_sink *k)
{
	/* Some file systems tell only now that there is no room. */
	if (close(k->fd) && errno != EINTR) {
		note(k, -errno);
		report(k->error, "log %s: closing it", k->path);
	}
	if (k->lost)
		report(k->error, "log %s: the last %" PRIu64 " bytes are lost",
		       k->path, k->lost);
	for (int i = 0; i < LOG_N_STREAMS; i++)
		log_line_free(&k->lines[i]);
	log_backlog_free(&k->backlog);
	free(k->path);
	k->path = NULL;
	k->fd = -1;
}
