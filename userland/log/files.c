// SPDX-License-Identifier: GPL-2.0
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "format.h"
#include "names.h"

/* How often to begin again if files are removed while they are opened. */
#define MAX_RETRIES 100

static struct log_file *last_file(const struct log_files *f)
{
	return f->n ? &f->files[f->n - 1] : NULL;
}

off_t log_files_end(const struct log_files *f)
{
	const struct log_file *last = last_file(f);

	return last ? last->start + last->size : 0;
}

static int measure(struct log_file *file)
{
	struct stat st;

	if (fstat(file->fd, &st))
		return -errno;
	file->size = st.st_size;
	return 0;
}

/* The file is complete: add a newline if its last line has none. */
static int finish_file(struct log_files *f, struct log_file *file)
{
	char last = '\n';
	int err = measure(file);

	if (err)
		return err;
	/* Offsets must not change: bytes that were read count, even if they were cut. */
	if (file->size < f->seen - file->start)
		file->size = f->seen - file->start;
	if (file->size && pread(file->fd, &last, 1, file->size - 1) < 0)
		return -errno;
	file->newline = last != '\n' && !f->raw;
	file->size += file->newline;
	return 0;
}

/* Make room for one more file. */
static int make_room(struct log_files *f)
{
	struct log_file *files;

	if (f->n < f->room)
		return 0;
	files = realloc(f->files, (2 * f->n + 4) * sizeof(*files));
	if (!files)
		return -ENOMEM;
	f->files = files;
	f->room = 2 * f->n + 4;
	return 0;
}

/* Add a file behind the last one, which is complete. */
static int add(struct log_files *f, int fd, bool first)
{
	f->files[f->n] = (struct log_file){
		.fd = fd,
		.start = log_files_end(f),
		.first = first,
	};
	f->n++;
	return measure(last_file(f));
}

/* Add the next file; @fd is closed on failure. */
static int append(struct log_files *f, int fd)
{
	int owned __cleanup_close = fd;
	struct stat before = { 0 };
	int err = make_room(f);

	if (!err && f->n)
		err = finish_file(f, last_file(f));
	if (!err && f->n && fstat(last_file(f)->fd, &before))
		err = -errno;
	if (err)
		return err;
	owned = -1;
	return add(f, fd, logfile_is_last(&before));
}

/*
 * Open the file that follows the last one. If the last one was removed, open the file
 * that follows the one before it; if that was removed, too, the oldest there is.
 */
static int next_file(struct log_files *f)
{
	int fd = -ESTALE;

	if (!f->n)
		return logfile_oldest(f->dir, f->name);
	for (size_t i = f->n; i > 0 && fd == -ESTALE; i--) {
		fd = logfile_next(f->dir, f->name, f->files[i - 1].fd);
		if (fd >= 0 && i < f->n)
			f->missed = true;
	}
	if (fd != -ESTALE)
		return fd;
	fd = logfile_oldest(f->dir, f->name);
	if (fd >= 0)
		f->missed = true;
	return fd;
}

/* Whether the file has other bytes now where it had these. */
static bool differs(const struct log_file *file, const struct log_trace *trace)
{
	char now[LOG_TRACE_BYTES];
	ssize_t n = pread(file->fd, now, trace->len, trace->at);

	return n > 0 && memcmp(now, trace->bytes, n);
}

/*
 * Whether somebody has cut the last file and it has grown again. The writer itself may cut
 * it, after a failed write, but then it writes the same bytes again.
 */
static bool was_cut(struct log_file *file)
{
	struct log_trace head = { 0 };
	ssize_t n = pread(file->fd, head.bytes, sizeof(head.bytes), 0);

	if (n <= 0)
		return false;
	head.len = n;
	if (differs(file, &file->head) || differs(file, &file->tail))
		return true;
	if (head.len > file->head.len)
		file->head = head;
	return false;
}

/* Read the last file from its start again; the bytes that were read keep their offsets. */
static int read_again(struct log_files *f)
{
	struct log_file *last = last_file(f);
	int err = make_room(f), fd;

	if (err)
		return err;
	last = last_file(f);
	fd = fcntl(last->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	last->size = f->seen > last->start ? f->seen - last->start : 0;
	last->newline = last->size && last->tail.len && !f->raw &&
			last->tail.bytes[last->tail.len - 1] != '\n';
	last->size += last->newline;
	f->cut = true;
	return add(f, fd, false);
}

int log_files_grow(struct log_files *f)
{
	int fd, err;

	if (f->n && f->more && was_cut(last_file(f))) {
		err = read_again(f);
		if (err)
			return err;
	}
	while ((fd = next_file(f)) >= 0) {
		err = append(f, fd);
		if (err)
			return err;
	}
	if (fd != -EAGAIN && fd != -ENOENT)
		return fd;
	return f->n ? measure(last_file(f)) : 0;
}

/* Close the first @n files. */
static void drop_first(struct log_files *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(f->files[i].fd);
	f->n -= n;
	if (n && f->n)
		memmove(f->files, f->files + n, f->n * sizeof(*f->files));
}

static int open_folder(struct log_files *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	__cleanup_free char *dir = NULL;

	f->name = strdup(slash ? slash + 1 : path);
	if (!slash)
		dir = strdup(".");
	else
		dir = strndup(path, slash > path ? slash - path : 1);
	if (!f->name || !dir)
		return -ENOMEM;
	f->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return f->dir < 0 ? -errno : 0;
}

static int open_all(struct log_files *f)
{
	int err = 0;

	for (int i = 0; !err; i++) {
		err = log_files_grow(f);
		if (err || !f->missed || i == MAX_RETRIES)
			break;
		/* Nothing was read yet: begin again without the files that are gone. */
		drop_first(f, f->n);
		f->missed = false;
	}
	return err;
}

int log_files_open(struct log_files *f, const char *path)
{
	int err;

	*f = (struct log_files){ .dir = -1 };
	err = open_folder(f, path);
	return err ? err : open_all(f);
}

/* Returns -EAGAIN if it takes a search to find the first file of the last container. */
static int open_newest(struct log_files *f)
{
	bool marked;
	int fd = logfile_newest(f->dir, f->name, &marked);
	int err = fd < 0 ? fd : make_room(f);

	if (!err)
		err = add(f, fd, marked);
	else if (fd >= 0)
		close(fd);
	/* It may have been rotated meanwhile. */
	return err ? err : log_files_grow(f);
}

int log_files_open_last(struct log_files *f, const char *path)
{
	int err;

	*f = (struct log_files){ .dir = -1 };
	err = open_folder(f, path);
	if (!err)
		err = open_newest(f);
	if (!err && !f->missed)
		return 0;
	drop_first(f, f->n);
	f->missed = false;
	if (err && err != -EAGAIN)
		return err;
	err = open_all(f);
	if (!err)
		log_files_last(f);
	return err;
}

void log_files_close(struct log_files *f)
{
	drop_first(f, f->n);
	cleanup_close(&f->dir);
	free(f->name);
	free(f->files);
	*f = (struct log_files){ .dir = -1 };
}

/* Compute the offsets of all files. */
static void lay_out(struct log_files *f)
{
	off_t start = 0;

	for (size_t i = 0; i < f->n; i++) {
		f->files[i].start = start;
		start += f->files[i].size;
	}
}

void log_files_set_raw(struct log_files *f, bool raw)
{
	f->raw = raw;
	for (size_t i = 0; raw && i < f->n; i++) {
		f->files[i].size -= f->files[i].newline;
		f->files[i].newline = false;
	}
	lay_out(f);
}

/* The length of the prefix of the first line of a file; 0: it has none. */
static ssize_t first_prefix(const struct log_file *file, char *buf,
			    struct log_head *head)
{
	ssize_t n = pread(file->fd, buf, LOG_PREFIX_LONGEST, 0);

	return n < 0 ? -errno : (ssize_t)log_format_parse(buf, n, head);
}

int log_files_detect(struct log_files *f)
{
	char buf[LOG_PREFIX_LONGEST];
	struct log_head head;
	ssize_t n;

	for (size_t i = 0; i < f->n; i++) {
		if (!f->files[i].size)
			continue;
		n = first_prefix(&f->files[i], buf, &head);
		if (n < 0)
			return n;
		log_files_set_raw(f, !n);
		break;
	}
	return 0;
}

void log_files_last(struct log_files *f)
{
	size_t keep = f->n;

	while (keep > 0 && !f->files[keep - 1].first)
		keep--;
	if (!keep)
		return;
	drop_first(f, keep - 1);
	lay_out(f);
}

bool log_files_same(const struct log_files *f, off_t a, off_t b)
{
	for (size_t i = f->n; i > 0 && f->files[i - 1].start > a; i--) {
		if (f->files[i - 1].first && f->files[i - 1].start <= b)
			return false;
	}
	return true;
}

void log_files_forget(struct log_files *f)
{
	size_t n = 0;

	/* Keep the last two files: they are needed to find the next one. */
	while (n + 2 < f->n &&
	       f->files[n].start + f->files[n].size <= f->in_use)
		n++;
	drop_first(f, n);
}

static struct log_file *file_at(const struct log_files *f, off_t at)
{
	size_t low = 0, high = f->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (f->files[middle].start <= at)
			low = middle;
		else
			high = middle;
	}
	/* An empty file has the same offset as the next one; the search finds the last. */
	if (!f->n || at >= f->files[low].start + f->files[low].size)
		return NULL;
	return &f->files[low];
}

static ssize_t read_file(const struct log_file *file, char *buf, size_t len,
			 off_t at)
{
	off_t left = file->size - file->newline - at;
	ssize_t n;

	if (!left) {
		*buf = '\n';
		return 1;
	}
	if (left < (off_t)len)
		len = left;
	do {
		n = pread(file->fd, buf, len, at);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* These @n bytes were read for the first time. */
static void note_seen(struct log_files *f, const char *buf, size_t n, off_t at)
{
	struct log_file *file = file_at(f, at);
	struct log_trace *tail = &file->tail;

	f->seen = at + n;
	tail->len = n < LOG_TRACE_BYTES ? n : LOG_TRACE_BYTES;
	tail->at = at - file->start + (n - tail->len);
	memcpy(tail->bytes, buf + n - tail->len, tail->len);
}

ssize_t log_files_read(struct log_files *f, void *buf, size_t len, off_t at)
{
	const struct log_file *file;
	ssize_t n;
	int ret;

	for (;;) {
		n = 0;
		file = file_at(f, at);
		if (file)
			n = read_file(file, buf, len, at - file->start);
		if (n > 0 && at + n > f->seen)
			note_seen(f, buf, n, at);
		if (n)
			return n;
		/* There is no byte where there was one: the file has become shorter. */
		if (file && file != last_file(f))
			return -ESTALE;
		if (!f->more)
			return 0;
		ret = f->more(f, at, f->more_arg);
		if (ret <= 0)
			return ret;
	}
}
