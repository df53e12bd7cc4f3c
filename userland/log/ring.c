// SPDX-License-Identifier: GPL-2.0
#include "ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "format.h"
#include "settings.h"

_Static_assert(sizeof(struct log_ring) == LOG_RING_DATA, "header of the ring");

void log_ring_locate(struct log_ring *ring, uint64_t pos, size_t len,
		     struct iovec piece[2])
{
	size_t at = pos % ring->size;
	size_t first = ring->size - at;

	if (first > len)
		first = len;
	piece[0] = (struct iovec){ ring->data + at, first };
	piece[1] = (struct iovec){ ring->data, len - first };
}

void log_ring_put_header(struct log_ring *ring, uint64_t pos,
			 const struct log_record *rec)
{
	struct iovec piece[2];

	log_ring_locate(ring, pos, sizeof(*rec), piece);
	memcpy(piece[0].iov_base, rec, piece[0].iov_len);
	memcpy(piece[1].iov_base, (const uint8_t *)rec + piece[0].iov_len,
	       piece[1].iov_len);
}

void log_ring_view(struct log_ring *ring, uint64_t pos, struct log_view *v)
{
	struct iovec piece[2];

	v->start = pos;
	log_ring_locate(ring, pos, sizeof(v->record), piece);
	memcpy(&v->record, piece[0].iov_base, piece[0].iov_len);
	memcpy((uint8_t *)&v->record + piece[0].iov_len, piece[1].iov_base,
	       piece[1].iov_len);
	pos += sizeof(v->record);
	log_ring_locate(ring, pos, v->record.length, v->data);
	v->end = pos + v->record.length;
}

/*
 * MADV_DONTFORK: the child that becomes a container must not have the buffer mapped,
 * or the buffer would count against the limits of the container until execve().
 */
static int map(struct log_ring **out, int fd, size_t length)
{
	void *p = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int err;

	if (p == MAP_FAILED)
		return -errno;
	if (madvise(p, length, MADV_DONTFORK)) {
		err = -errno;
		munmap(p, length);
		return err;
	}
	*out = p;
	return 0;
}

void log_ring_unmap(struct log_ring *ring)
{
	munmap(ring, LOG_RING_DATA + ring->size);
}

/* Check that the bytes from the tail to the head are whole records. */
static int check_records(struct log_ring *ring)
{
	uint64_t head = ring_get(&ring->head);
	uint64_t pos = ring_get(&ring->tail);
	struct log_view v;

	if (pos > head || head - pos > ring->size)
		return -EBADMSG;
	while (pos < head) {
		if (head - pos < sizeof(struct log_record))
			return -EBADMSG;
		log_ring_view(ring, pos, &v);
		if (v.end > head || v.record.stream >= LOG_N_STREAMS)
			return -EBADMSG;
		pos = v.end;
	}
	return 0;
}

static int check(struct log_ring *ring, size_t data_length)
{
	if (ring->magic != LOG_RING_MAGIC)
		return -EBADMSG;
	if (ring->version != LOG_RING_VERSION)
		return -EPROTO;
	if (ring->size != data_length || ring->size < LOG_BUFFER_MIN)
		return -EBADMSG;
	return check_records(ring);
}

/* Returns NULL with @err set on failure; -ENOENT: there is no file. */
static struct log_ring *map_existing(int dir, int *err)
{
	int fd __cleanup_close = openat(dir, LOG_RING_FILE,
					O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct log_ring *ring;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		*err = -errno;
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size < LOG_RING_DATA) {
		*err = -EBADMSG;
		return NULL;
	}
	*err = map(&ring, fd, st.st_size);
	if (*err)
		return NULL;
	*err = check(ring, st.st_size - LOG_RING_DATA);
	if (!*err)
		return ring;
	munmap(ring, st.st_size);
	return NULL;
}

/*
 * Positions go on at @start, because the marks of the logs (marks.h) speak of records by
 * their positions.
 */
static int make_new(struct log_ring **out, int dir, size_t bytes,
		    uint64_t start)
{
	static const char draft[] = LOG_RING_FILE ".new";
	int fd __cleanup_close = openat(
		dir, draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		0600);
	struct log_ring *ring;
	int err;

	if (fd < 0)
		return -errno;
	/* Allocate all of it: a store to a page that is missing ends in SIGBUS. */
	err = -posix_fallocate(fd, 0, LOG_RING_DATA + bytes);
	if (!err)
		err = map(&ring, fd, LOG_RING_DATA + bytes);
	if (err)
		goto out;
	ring->magic = LOG_RING_MAGIC;
	ring->version = LOG_RING_VERSION;
	ring->size = bytes;
	ring->intent.head = LOG_NO_INTENT;
	ring_set(&ring->head, start);
	ring_set(&ring->tail, start);
	if (!renameat(dir, draft, dir, LOG_RING_FILE)) {
		*out = ring;
		return 0;
	}
	err = -errno;
	log_ring_unmap(ring);
out:
	unlinkat(dir, draft, 0);
	return err;
}

int log_ring_open(struct log_ring **out, const char *path, size_t bytes)
{
	int dir __cleanup_close = open(path,
				       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct log_ring *old;
	uint64_t head;
	int err;

	if (dir < 0)
		return -errno;
	old = map_existing(dir, &err);
	if (!old)
		return err == -ENOENT ? make_new(out, dir, bytes, 0) : err;
	head = ring_get(&old->head);
	/* A valid intent speaks of a position in the old ring: keep that. */
	if (old->size == bytes || head != ring_get(&old->tail) ||
	    old->intent.head == head) {
		*out = old;
		return 0;
	}
	log_ring_unmap(old);
	return make_new(out, dir, bytes, head);
}
