// SPDX-License-Identifier: GPL-2.0
#include "take.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "ring.h"

#define NSEC_PER_SEC 1000000000

int64_t log_take_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static void intend(struct log_intent *i, uint64_t head, uint64_t key,
		   uint32_t stream)
{
	/* Not valid until all of it is there. */
	atomic_store_explicit(&i->head, LOG_NO_INTENT, memory_order_release);
	atomic_store_explicit(&i->length, 0, memory_order_release);
	i->key = key;
	i->stream = stream;
	atomic_store_explicit(&i->head, head, memory_order_release);
}

static void forget_intent(struct log_intent *i)
{
	atomic_store_explicit(&i->head, LOG_NO_INTENT, memory_order_release);
}

static void skip(struct iovec data[2], size_t len)
{
	size_t first = len < data[0].iov_len ? len : data[0].iov_len;

	data[0].iov_base = (char *)data[0].iov_base + first;
	data[0].iov_len -= first;
	data[1].iov_base = (char *)data[1].iov_base + (len - first);
	data[1].iov_len -= len - first;
}

/* Read @len bytes, which are there; @len becomes what could not be read. */
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
		skip(data, n);
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

/* What is in the FIFO cannot be read: another one under the same descriptor. */
static int replace_fifo(struct log_take *t)
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
 * Fill the place that was reserved, from byte @got on, with the @left bytes in
 * the FIFO, and make a record of all. Returns its length, or a negative errno.
 */
static ssize_t fill(struct log_take *t, struct log_record *rec,
		    struct iovec data[2], size_t got, size_t left)
{
	size_t length = got + left;
	int err;

	skip(data, got);
	err = read_into(t->fd, data, &left);
	if (err) {
		report(err,
		       "log: %zu bytes of output cannot be read and are lost",
		       left);
		err = replace_fifo(t);
		if (err)
			return err;
	}
	rec->time = log_take_now();
	rec->length = length - left;
	/* An empty one too: the place that the intent speaks of is taken. */
	log_buffer_commit(t->buffer, rec);
	return length;
}

/* Make @data, which has room for more, @len bytes long. */
static void shorten(struct iovec data[2], size_t len)
{
	if (data[0].iov_len > len)
		data[0].iov_len = len;
	data[1].iov_len = len - data[0].iov_len;
}

ssize_t log_take(struct log_take *t, int fd, uint64_t key, uint32_t stream,
		 size_t min, size_t max)
{
	struct log_intent *intent = log_buffer_intent(t->buffer);
	struct log_record rec = { .key = key, .stream = stream };
	struct iovec data[2];
	ssize_t room, n;
	int err;

	room = log_buffer_reserve(t->buffer, min, max, data);
	if (room < 0)
		return room;
	intend(intent, log_buffer_head(t->buffer), key, stream);
	do {
		n = splice(fd, NULL, t->fd, NULL, room, SPLICE_F_NONBLOCK);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		err = n ? -errno : 0;
		forget_intent(intent);
		return err;
	}
	atomic_store_explicit(&intent->length, n, memory_order_release);
	shorten(data, n);
	n = fill(t, &rec, data, 0, n);
	if (n < 0) {
		report(n, "log reader: making a new FIFO %s", t->path);
		abort();
	}
	return n;
}

/* What an earlier process has begun; @kept: the FIFO was open all the time. */
static int complete(struct log_take *t, bool kept)
{
	struct log_intent *intent = log_buffer_intent(t->buffer);
	uint64_t head = log_buffer_head(t->buffer);
	struct log_record rec = { .key = intent->key,
				  .stream = intent->stream };
	struct iovec data[2];
	size_t length, got = 0;
	int left;

	if (ioctl(t->fd, FIONREAD, &left) < 0)
		return -errno;
	if (intent->head != head)
		return left ? -EBADMSG : 0;
	length = intent->length;
	if (length && !kept) {
		report(0,
		       "log: up to %zu bytes of output are lost: no container was left that kept them",
		       length);
		left = 0;
		length = 0;
	}
	if (length && (size_t)left > length)
		return -EBADMSG;
	if (length)
		got = length - left;
	else
		length = left;
	if (length) {
		ssize_t n;

		/* There was room for it before. */
		if (log_buffer_reserve(t->buffer, length, length, data) < 0)
			return -EBADMSG;
		/* This process can be killed as well, with the FIFO read. */
		atomic_store_explicit(&intent->length, length,
				      memory_order_release);
		n = fill(t, &rec, data, got, left);
		if (n < 0)
			return n;
	}
	forget_intent(intent);
	return 0;
}

int log_take_open(struct log_take *t, struct log_buffer *buffer,
		  const char *dir)
{
	struct stat st;
	int probe, err;

	*t = (struct log_take){ .buffer = buffer, .fd = -1 };
	if (asprintf(&t->path, "%s/" LOG_TAKE_FIFO, dir) < 0) {
		t->path = NULL;
		return -ENOMEM;
	}
	/* Refused where nobody has it open for reading, or where there is none. */
	probe = open(t->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	t->fd = open_fifo(t->path);
	if (t->fd < 0)
		err = t->fd;
	else if (fstat(t->fd, &st) < 0)
		err = -errno;
	else
		err = S_ISFIFO(st.st_mode) ? complete(t, probe >= 0) : -EBADMSG;
	cleanup_close(&probe);
	if (err)
		log_take_close(t);
	return err;
}

void log_take_close(struct log_take *t)
{
	cleanup_close(&t->fd);
	t->fd = -1;
	free(t->path);
	t->path = NULL;
}
