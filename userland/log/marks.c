// SPDX-License-Identifier: GPL-2.0
#include "marks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/mutex.h"
#include "base/paths.h"

#define MARKS_MAGIC   0x534b52414d525550ull /* "PURMARKS" */
#define MARKS_VERSION 1

#define PAGE   4096
#define PLACES 2

/* The first page of a slot; the places for text follow. */
struct slot_page {
	struct log_mark mark;
	uint64_t max_size;
	uint32_t max_files;
	uint32_t driver;
	char path[PAGE - sizeof(struct log_mark) - 24];
	uint64_t reserve; /* 0 in files of earlier versions */
};

_Static_assert(sizeof(struct slot_page) == PAGE, "page of a slot");

#define SLOT_SIZE (PAGE + LOG_N_STREAMS * PLACES * LOG_TEXT_MAX)

/* It has a page of its own before slot 0. */
struct marks_header {
	uint64_t magic;
	uint32_t version;
	uint32_t slot_size;
};

static off_t slot_at(uint32_t slot)
{
	return PAGE + (off_t)slot * SLOT_SIZE;
}

static int write_at(int fd, const void *p, size_t len, off_t at)
{
	ssize_t n = pwrite(fd, p, len, at);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOSPC;
}

static int read_at(int fd, void *p, size_t len, off_t at)
{
	ssize_t n = pread(fd, p, len, at);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EBADMSG;
}

static int check(int fd, off_t size)
{
	struct marks_header h;

	if (read_at(fd, &h, sizeof(h), 0) || h.magic != MARKS_MAGIC)
		return -EBADMSG;
	if (h.version != MARKS_VERSION)
		return -EPROTO;
	if (h.slot_size != SLOT_SIZE || size < PAGE)
		return -EBADMSG;
	return 0;
}

/* Write a whole page in one go, so that a file that is not empty has its header. */
static int begin(int fd)
{
	struct marks_header h = {
		.magic = MARKS_MAGIC,
		.version = MARKS_VERSION,
		.slot_size = SLOT_SIZE,
	};
	char page[PAGE] = { 0 };

	memcpy(page, &h, sizeof(h));
	return write_at(fd, page, sizeof(page), 0);
}

/* Find the free slots. Nothing else reads the whole file. */
static int find_free(struct log_marks *m)
{
	struct log_mark mark;
	int err;

	m->free = calloc(m->n_slots ? m->n_slots : 1, sizeof(*m->free));
	if (!m->free)
		return -ENOMEM;
	for (uint32_t i = m->n_slots; i--;) {
		err = read_at(m->fd, &mark, sizeof(mark), slot_at(i));
		if (err)
			return err;
		if (!mark.used)
			m->free[m->n_free++] = i;
	}
	return 0;
}

int log_marks_open(struct log_marks *m, const char *dir)
{
	__cleanup_free char *path = path_join(dir, LOG_MARKS_FILE, "");
	struct stat st;
	int err;

	*m = (struct log_marks){ .fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER };
	if (!path)
		return -ENOMEM;
	m->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (m->fd < 0 || fstat(m->fd, &st) < 0)
		err = -errno;
	else if (!st.st_size)
		err = begin(m->fd);
	else
		err = check(m->fd, st.st_size);
	if (!err && st.st_size > PAGE)
		m->n_slots = (st.st_size - PAGE) / SLOT_SIZE;
	if (!err)
		err = find_free(m);
	if (err)
		log_marks_close(m);
	return err;
}

void log_marks_close(struct log_marks *m)
{
	cleanup_close(&m->fd);
	free(m->free);
	m->free = NULL;
}

bool log_marks_empty(struct log_marks *m)
{
	guard_mutex(&m->lock);
	return m->n_free == m->n_slots;
}

int log_marks_read(struct log_marks *m, uint32_t slot, struct log_mark *mark,
		   char **path, struct log_settings *settings)
{
	struct slot_page page;
	int err = read_at(m->fd, &page, sizeof(page), slot_at(slot));

	if (err || !page.mark.used)
		return err;
	if (!memchr(page.path, 0, sizeof(page.path)) ||
	    page.driver > LOG_DRIVER_RAW || !page.max_files)
		return -EBADMSG;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (page.mark.lines[i].length > LOG_TEXT_MAX ||
		    page.mark.lines[i].place >= PLACES)
			return -EBADMSG;
	}
	*mark = page.mark;
	*settings = (struct log_settings){
		.driver = page.driver,
		.max_files = page.max_files,
		.max_size = page.max_size,
		.reserve = page.reserve,
	};
	*path = strdup(page.path);
	return *path ? 1 : -ENOMEM;
}

/* Make the file one slot longer; the lock is held. */
static int add_slot(struct log_marks *m)
{
	uint32_t *list = reallocarray(m->free, m->n_slots + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	m->free = list;
	if (ftruncate(m->fd, slot_at(m->n_slots + 1)) < 0)
		return -errno;
	m->free[m->n_free++] = m->n_slots++;
	return 0;
}

int log_marks_claim(struct log_marks *m, const char *path,
		    const struct log_settings *settings, uint32_t *slot)
{
	struct slot_page page = {
		.max_size = settings->max_size,
		.max_files = settings->max_files,
		.driver = settings->driver,
		.reserve = settings->reserve,
	};
	int err = 0;

	if (strlen(path) >= sizeof(page.path))
		return -ENAMETOOLONG;
	memcpy(page.path, path, strlen(path));

	guard_mutex(&m->lock);
	if (!m->n_free)
		err = add_slot(m);
	if (err)
		return err;
	*slot = m->free[m->n_free - 1];
	err = write_at(m->fd, &page, sizeof(page), slot_at(*slot));
	if (!err)
		m->n_free--;
	return err;
}

int log_marks_write(struct log_marks *m, uint32_t slot,
		    const struct log_mark *mark)
{
	return write_at(m->fd, mark, sizeof(*mark), slot_at(slot));
}

int log_marks_release(struct log_marks *m, uint32_t slot)
{
	const struct log_mark none = { 0 };
	int err = log_marks_write(m, slot, &none);

	if (err)
		return err;
	/* Give its memory back, if the file system can do that. */
	(void)!fallocate(m->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			 slot_at(slot), SLOT_SIZE);
	guard_mutex(&m->lock);
	m->free[m->n_free++] = slot;
	return 0;
}

static off_t text_at(uint32_t slot, enum log_stream stream, unsigned int place)
{
	return slot_at(slot) + PAGE +
	       ((off_t)stream * PLACES + place) * LOG_TEXT_MAX;
}

int log_marks_put_text(struct log_marks *m, uint32_t slot,
		       enum log_stream stream, unsigned int place, size_t at,
		       const char *p, size_t len)
{
	return write_at(m->fd, p, len, text_at(slot, stream, place) + at);
}

int log_marks_get_text(struct log_marks *m, uint32_t slot,
		       enum log_stream stream, unsigned int place, char *p,
		       size_t len)
{
	return read_at(m->fd, p, len, text_at(slot, stream, place));
}
