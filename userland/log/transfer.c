// SPDX-License-Identifier: GPL-2.0
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/paths.h"
#include "base/report.h"
#include "iovec.h"
#include "ring.h"

static void set_intent(struct log_intent *i, uint64_t head, uint64_t key,
		       uint32_t stream)
{
	/* It becomes valid when all of it is there. */
	atomic_store_explicit(&i->head, LOG_NO_INTENT, memory_order_release);
	atomic_store_explicit(&i->length, 0, memory_order_release);
	i->key = key;
	i->stream = stream;
	atomic_store_explicit(&i->head, head, memory_order_release);
}

static void set_length(struct log_intent *i, uint32_t length)
{
	atomic_store_explicit(&i->length, length, memory_order_release);
}

static void clear_intent(struct log_intent *i)
{
	atomic_store_explicit(&i->head, LOG_NO_INTENT, memory_order_release);
}

/* Read @len bytes, which are there; @len becomes the number that cannot be read. */
static int read_into(int fd, struct iovec data[2], size_t *len)
{
	ssize_t n;

	while (*len) {
		n = readv(fd, data, data[1].iov_len ? 2 : 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		*len -= n;
		iovec_skip(data, 2, n);
	}
	return 0;
}

static int open_fifo(const char *path)
{
	int fd;

	if (mkfifo(path, 0600) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* The content of the FIFO cannot be read: put a new one under the same descriptor. */
static int replace_fifo(struct log_transfer *t)
{
	int fd __cleanup_close = -1;

	if (unlink(t->path) < 0)
		return -errno;
	fd = open_fifo(t->path);
	if (fd < 0)
		return fd;
	return dup3(fd, t->fd, O_CLOEXEC) < 0 ? -errno : 0;
}

/*
 * Read the @left bytes in the FIFO to the place @data, behind the @got bytes that are
 * there, and commit the record. Returns its length, or a negative errno.
 */
static ssize_t fill(struct log_transfer *t, struct log_record *rec,
		    struct iovec data[2], size_t got, size_t left)
{
	size_t length = got + left;
	int err;

	iovec_skip(data, 2, got);
	err = read_into(t->fd, data, &left);
	if (err) {
		report(err,
		       "log: %zu bytes of output cannot be read and are lost",
		       left);
		err = replace_fifo(t);
		if (err)
			return err;
	}
	rec->time = clock_ns(CLOCK_REALTIME);
	rec->length = length - left;
	/* Commit an empty record too: it moves the head, which voids the intent. */
	log_buffer_commit(t->buffer, rec);
	return length;
}

/* Shorten @data, which is larger, to @len bytes. */
static void shorten(struct iovec data[2], size_t len)
{
	if (data[0].iov_len > len)
		data[0].iov_len = len;
	data[1].iov_len = len - data[0].iov_len;
}

ssize_t log_transfer(struct log_transfer *t, int fd, uint64_t key,
		     uint32_t stream, size_t min, size_t max)
{
	struct log_intent *intent = log_buffer_intent(t->buffer);
	struct log_record rec = { .key = key, .stream = stream };
	struct iovec data[2];
	ssize_t room, n;
	int err;

	room = log_buffer_reserve(t->buffer, min, max, data);
	if (room < 0)
		return room;
	set_intent(intent, log_buffer_head(t->buffer), key, stream);
	do {
		n = splice(fd, NULL, t->fd, NULL, room, SPLICE_F_NONBLOCK);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		err = n ? -errno : 0;
		clear_intent(intent);
		return err;
	}
	set_length(intent, n);
	shorten(data, n);
	n = fill(t, &rec, data, 0, n);
	if (n < 0) {
		report(n, "log reader: making a new FIFO %s", t->path);
		abort();
	}
	return n;
}

/* Make a record of a valid intent: @left bytes of it are in the FIFO. */
static int complete_intent(struct log_transfer *t, struct log_intent *intent,
			   size_t left)
{
	struct log_record rec = { .key = intent->key,
				  .stream = intent->stream };
	size_t length = intent->length ? intent->length : left;
	struct iovec data[2];
	ssize_t n;

	if (!length)
		return 0;
	/* There was room for it before. */
	if (left > length ||
	    log_buffer_reserve(t->buffer, length, length, data) < 0)
		return -EBADMSG;
	/* Step 3: this process may be killed as well, with the FIFO read. */
	set_length(intent, length);
	n = fill(t, &rec, data, length - left, left);
	return n < 0 ? n : 0;
}

/*
 * Complete the transfer in which an earlier process was killed.
 * @kept: another process has had the FIFO open all the time
 */
static int complete(struct log_transfer *t, bool kept)
{
	struct log_intent *intent = log_buffer_intent(t->buffer);
	int left, err = 0;

	if (ioctl(t->fd, FIONREAD, &left) < 0)
		return -errno;
	if (intent->head != log_buffer_head(t->buffer))
		return left ? -EBADMSG : 0;
	if (intent->length && !kept)
		report(0,
		       "log: up to %u bytes of output are lost: no process kept the log's FIFO open",
		       intent->length);
	else
		err = complete_intent(t, intent, left);
	if (!err)
		clear_intent(intent);
	return err;
}

int log_transfer_open(struct log_transfer *t, struct log_buffer *buffer,
		      const char *dir)
{
	int probe __cleanup_close = -1;
	struct stat st;
	int err;

	*t = (struct log_transfer){ .buffer = buffer, .fd = -1 };
	t->path = path_join(dir, LOG_TRANSFER_FIFO, "");
	if (!t->path)
		return -ENOMEM;
	/* This fails if no process has it open for reading, or there is none. */
	probe = open(t->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	t->fd = open_fifo(t->path);
	if (t->fd < 0)
		err = t->fd;
	else if (fstat(t->fd, &st) < 0)
		err = -errno;
	else
		err = S_ISFIFO(st.st_mode) ? complete(t, probe >= 0) : -EBADMSG;
	if (err)
		log_transfer_close(t);
	return err;
}

void log_transfer_close(struct log_transfer *t)
{
	cleanup_close(&t->fd);
	free(t->path);
	t->path = NULL;
}
