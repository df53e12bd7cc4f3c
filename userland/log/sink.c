// SPDX-License-Identifier: GPL-2.0
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "iovec.h"
#include "names.h"
#include "raw.h"

/* Keep the first error for the one who asks at the end; returns @err. */
static int note(struct log_sink *k, int err)
{
	if (err && !k->error)
		k->error = err;
	return err;
}

/* Add the newline of the last line, if that is missing. */
static int end_torn_line(int fd, struct stat *st)
{
	ssize_t n;
	char last;

	if (!st->st_size)
		return 0;
	n = pread(fd, &last, 1, st->st_size - 1);
	if (n < 0)
		return -errno;
	if (!n || last == '\n')
		return 0;
	if (write(fd, "\n", 1) < 0)
		return -errno;
	st->st_size++;
	return 0;
}

int log_sink_commit_mark(struct log_sink *k)
{
	int err = log_marks_write(k->marks, k->slot, &k->now);

	if (!err)
		k->mark = k->now;
	return err;
}

static bool is_marked(const struct log_sink *k, const struct stat *st)
{
	return st->st_dev == k->mark.file_dev && st->st_ino == k->mark.file_ino;
}

/* The mark speaks of another file: the log goes on at the end of this one. */
static int take_file(struct log_sink *k, int fd, struct stat *st)
{
	int err = k->regular ? end_torn_line(fd, st) : 0;

	k->now.file_dev = st->st_dev;
	k->now.file_ino = st->st_ino;
	k->now.file_size = k->regular ? st->st_size : 0;
	return err;
}

/*
 * Cut what was written after the mark: it is written again. If somebody else has cut the
 * file, those bytes are gone.
 */
static int cut_file(struct log_sink *k, int fd, const struct stat *st)
{
	if (!k->regular)
		return 0;
	if ((uint64_t)st->st_size < k->mark.file_size)
		k->now.file_size = st->st_size;
	else if ((uint64_t)st->st_size > k->mark.file_size &&
		 ftruncate(fd, k->mark.file_size) < 0)
		return -errno;
	return 0;
}

static bool reserves(const struct log_sink *k)
{
	return k->settings.reserve && k->regular && k->fd >= 0;
}

static void reserve(struct log_sink *k)
{
	if (reserves(k) && !k->given_up)
		log_reserve_ahead(&k->reserve, k->fd, k->now.file_size,
				  &k->settings);
}

static void end_reserve(struct log_sink *k)
{
	if (reserves(k))
		log_reserve_end(&k->reserve, k->fd);
}

static int open_file(struct log_sink *k)
{
	int fd __cleanup_close = k->fd >= 0 ? k->fd : logfile_open(k->path, 0);
	struct stat st;
	int err;

	k->fd = -1;
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	k->regular = S_ISREG(st.st_mode);
	k->now = k->mark;
	err = is_marked(k, &st) ? cut_file(k, fd, &st) : take_file(k, fd, &st);
	/* Write the mark before anything else, so that the file can be cut again. */
	if (!err && memcmp(&k->now, &k->mark, sizeof(k->now)))
		err = log_sink_commit_mark(k);
	if (err)
		return err;
	k->fd = take_fd(&fd);
	k->reserve = (struct log_reserve){ 0 };
	reserve(k);
	return 0;
}

static int init(struct log_sink *k, struct log_marks *marks, const char *dir,
		uint32_t slot)
{
	k->marks = marks;
	k->slot = slot;
	k->fd = -1;
	k->stale = true;
	return log_backlog_init(&k->backlog, dir, slot);
}

int log_sink_open(struct log_sink *k, struct log_marks *marks, const char *dir,
		  uint64_t key, const char *path,
		  const struct log_settings *settings)
{
	uint32_t slot;
	int err;

	*k = (struct log_sink){
		.fd = -1,
		.backlog.fd = -1,
		.settings = *settings,
		.mark = { .used = 1, .key = key },
	};
	err = log_marks_claim(marks, path, settings, &slot);
	if (err)
		return err;
	k->path = strdup(path);
	err = k->path ? init(k, marks, dir, slot) : -ENOMEM;
	if (!err)
		err = log_sink_ready(k);
	/* The slot must be free again: log_sink_ready() may have written a mark. */
	if (err) {
		log_marks_release(marks, slot);
		log_sink_close(k);
	}
	return err;
}

int log_sink_recover(struct log_sink *k, struct log_marks *marks,
		     const char *dir, uint32_t slot)
{
	int ret;

	*k = LOG_NO_SINK;
	ret = log_marks_read(marks, slot, &k->mark, &k->path, &k->settings);
	if (ret <= 0)
		return ret;
	k->now = k->mark;
	k->old_backlog = k->mark.backlog_end;
	ret = init(k, marks, dir, slot);
	if (ret)
		log_sink_close(k);
	return ret ? ret : 1;
}

/* Whether bytes become lines; the driver is cri or raw. */
static bool has_lines(const struct log_sink *k)
{
	return k->settings.driver == LOG_DRIVER_CRI;
}

int log_sink_ready(struct log_sink *k)
{
	int err = 0;

	if (!k->stale)
		return 0;
	for (int i = 0; has_lines(k) && !err && i < LOG_N_STREAMS; i++)
		err = log_line_load(&k->lines[i], k->marks, k->slot, i,
				    &k->mark.lines[i]);
	if (!err)
		err = open_file(k);
	k->stale = err != 0;
	return note(k, err);
}

static int flush(struct log_sink *k, struct log_batch *b)
{
	while (b->bytes) {
		size_t before = b->bytes;
		int err = log_batch_write(b, k->fd);

		k->now.file_size += before - b->bytes;
		if (err && err != -EINTR)
			return note(k, err);
	}
	log_batch_reset(b);
	return 0;
}

int log_sink_reserve(struct log_sink *k, const struct log_record *rec,
		     const char *payload)
{
	const char *p = payload, *end = payload + rec->length;
	uint64_t size = k->now.file_size, max = k->settings.max_size;
	uint64_t bytes = rec->length;
	int err;

	if (!k->regular || !bytes)
		return 0;
	/* Each line gets a prefix. Parts of long lines get more; this need not be exact. */
	while (has_lines(k) && p) {
		bytes += LOG_PREFIX_LEN;
		p = memchr(p, '\n', end - p);
		if (p)
			p++;
	}
	/* Bytes that do not fit into this file go to the next one. */
	if (size + bytes > max)
		bytes = size < max ? max - size : 0;
	if (!bytes || !fallocate(k->fd, FALLOC_FL_KEEP_SIZE, size, bytes))
		return 0;
	err = errno;
	return err == ENOSPC || err == EDQUOT ? note(k, -err) : 0;
}

int log_sink_commit(struct log_sink *k, struct log_batch *b)
{
	int err = flush(k, b);

	for (int i = 0; has_lines(k) && !err && i < LOG_N_STREAMS; i++)
		err = log_line_save(&k->lines[i], k->marks, k->slot, i,
				    &k->now.lines[i]);
	if (!err)
		err = log_sink_commit_mark(k);
	if (!err)
		reserve(k);
	/* An error that has passed was reported, and nothing is missing. */
	if (!err && !k->given_up)
		k->error = 0;
	return note(k, err);
}

void log_sink_rewind(struct log_sink *k, struct log_batch *b)
{
	log_batch_reset(b);
	k->now = k->mark;
	k->stale = true;
}

static int rotate(struct log_sink *k, struct log_batch *b)
{
	struct stat st;
	int err, fd;

	/* The mark must be right for the old file until the new mark is written. */
	err = log_sink_commit(k, b);
	if (err)
		return err;
	fd = logfile_rotate(k->path, k->settings.max_files);
	if (fd < 0)
		return note(k, fd);
	err = fstat(fd, &st) < 0 ? -errno : 0;
	if (!err) {
		k->now.file_dev = st.st_dev;
		k->now.file_ino = st.st_ino;
		k->now.file_size = 0;
		err = log_sink_commit_mark(k);
	}
	if (err) {
		/* The open file has another name now: open the new one again later. */
		close(fd);
		cleanup_close(&k->fd);
		return note(k, err);
	}
	end_reserve(k);
	/* Some file systems report only now that there was no space. */
	if (close(k->fd) && errno != EINTR)
		report(note(k, -errno), "log %s: closing it", k->path);
	k->fd = fd;
	reserve(k);
	return 0;
}

/* The batch or the file is full. */
static int make_room(struct log_sink *k, struct log_batch *b)
{
	return b->bytes ? flush(k, b) : rotate(k, b);
}

static void set_limit(const struct log_sink *k, struct log_batch *b)
{
	uint64_t max = k->settings.max_size;
	uint64_t size = k->now.file_size;

	if (!k->regular)
		b->limit = SIZE_MAX;
	else
		b->limit = max > size ? max - size : 0;
}

static size_t feed(struct log_sink *k, struct log_batch *b,
		   const struct log_prefix *prefix, enum log_stream stream,
		   const char *p, size_t len)
{
	set_limit(k, b);
	if (has_lines(k))
		return log_line_feed(&k->lines[stream], b, prefix, p, len);
	return log_raw_feed(b, &k->now.lines[0].partial, k->now.file_size,
			    k->settings.max_size, p, len);
}

static int put_piece(struct log_sink *k, struct log_batch *b,
		     const struct log_prefix *prefix, enum log_stream stream,
		     struct iovec *piece)
{
	while (piece->iov_len) {
		size_t n = feed(k, b, prefix, stream, piece->iov_base,
				piece->iov_len);
		int err;

		k->now.skip += n;
		iovec_skip(piece, 1, n);
		if (!piece->iov_len)
			break;
		err = make_room(k, b);
		if (err)
			return err;
	}
	return 0;
}

/* Put the unfinished line of a stream, without an end. */
static int put_end(struct log_sink *k, struct log_batch *b,
		   const struct log_prefix *prefix, enum log_stream stream)
{
	int err = 0;

	while (!err) {
		set_limit(k, b);
		if (log_line_end(&k->lines[stream], b, prefix))
			return 0;
		err = make_room(k, b);
	}
	return err;
}

int log_sink_put_open(struct log_sink *k, struct log_batch *b)
{
	struct log_prefix prefix;
	int err = 0;

	for (int i = 0; has_lines(k) && !err && i < LOG_N_STREAMS; i++) {
		/* Times must not run backwards in the file. */
		log_format_prefix(&prefix, k->time, i);
		err = put_end(k, b, &prefix, i);
	}
	return err;
}

int log_sink_put(struct log_sink *k, struct log_batch *b,
		 const struct log_record *rec, const struct iovec data[2])
{
	struct iovec left[2] = { data[0], data[1] };
	struct log_prefix prefix;
	int err = 0;

	k->time = rec->time;
	log_format_prefix(&prefix, rec->time, rec->stream);
	iovec_skip(left, 2, k->now.skip);
	for (int i = 0; !err && i < 2; i++)
		err = put_piece(k, b, &prefix, rec->stream, &left[i]);
	if (!err && rec->flags & LOG_RECORD_END_OF_STREAM && has_lines(k))
		err = put_end(k, b, &prefix, rec->stream);
	return err;
}

static size_t payload_left(const struct log_sink *k, size_t length)
{
	return length > k->now.skip ? length - k->now.skip : 0;
}

/* Drop the unfinished lines. Their records are gone, so their text is lost. */
static void drop_lines(struct log_sink *k)
{
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		k->lost += k->now.lines[i].length;
		k->now.lines[i] = (struct log_mark_line){ 0 };
		log_line_free(&k->lines[i]);
	}
}

bool log_sink_give_up(struct log_sink *k, char *payload)
{
	uint64_t at = k->now.backlog_start;
	struct log_record rec;
	bool ended = false;
	int64_t next;

	/* Cut what the last attempt has written behind the mark, if that is possible. */
	(void)log_sink_ready(k);
	while (at < k->now.backlog_end) {
		next = log_backlog_get(&k->backlog, at, k->now.backlog_end,
				       &rec, payload);
		/* Bytes that cannot be read any more are lost as well. */
		if (next < 0) {
			k->lost += k->now.backlog_end - at;
			break;
		}
		k->lost += payload_left(k, rec.length);
		k->now.skip = 0;
		if (rec.flags & LOG_RECORD_END_OF_SOURCE &&
		    at >= k->old_backlog)
			ended = true;
		at = next;
	}
	k->now.backlog_start = 0;
	k->now.backlog_end = 0;
	k->old_backlog = 0;
	drop_lines(k);
	k->given_up = true;
	/* Writing a mark needs no space. If it fails, the next process tries again. */
	(void)log_sink_commit_mark(k);
	log_backlog_remove(&k->backlog);
	return ended;
}

void log_sink_drop(struct log_sink *k, const struct log_view *v)
{
	k->lost += payload_left(k, v->record.length);
	k->now.skip = 0;
	k->now.ring_done = v->end;
}

void log_sink_end(struct log_sink *k)
{
	int err = log_marks_release(k->marks, k->slot);

	if (err)
		report_warning_errno(err, "log %s: noting that it is complete",
				     k->path);
	/* An earlier process may have left a backlog that no mark speaks of. */
	log_backlog_remove(&k->backlog);
	end_reserve(k);
	log_sink_close(k);
}

void log_sink_close(struct log_sink *k)
{
	if (k->fd >= 0 && close(k->fd) && errno != EINTR)
		report(note(k, -errno), "log %s: closing it", k->path);
	k->fd = -1;
	for (int i = 0; i < LOG_N_STREAMS; i++)
		log_line_free(&k->lines[i]);
	log_backlog_free(&k->backlog);
	free(k->path);
	k->path = NULL;
}
