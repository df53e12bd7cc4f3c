// SPDX-License-Identifier: GPL-2.0
#include "buffer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* All that has to outlive a process: no pointers, no locks. */
struct log_ring {
	uint64_t size; /* of data */
	uint64_t head; /* see buffer.h */
	uint64_t tail;
	uint8_t data[];
};

struct log_buffer {
	pthread_mutex_t lock; /* what it protects: see buffer.h */
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	bool closed;
	bool hurried;
	struct log_ring *ring;
};

static int init_locks(struct log_buffer *b)
{
	pthread_condattr_t attr;
	int err;

	err = pthread_condattr_init(&attr);
	if (err)
		return -err;
	err = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (err)
		goto out_attr;
	err = pthread_mutex_init(&b->lock, NULL);
	if (err)
		goto out_attr;
	err = pthread_cond_init(&b->not_empty, &attr);
	if (err)
		goto out_lock;
	err = pthread_cond_init(&b->not_full, &attr);
	if (!err)
		goto out_attr;

	pthread_cond_destroy(&b->not_empty);
out_lock:
	pthread_mutex_destroy(&b->lock);
out_attr:
	pthread_condattr_destroy(&attr);
	return -err;
}

/*
 * Not for children: until execve() a container's first process would count the
 * buffer as memory of its own, against its limits.
 */
static int map_ring(struct log_buffer *b, size_t bytes)
{
	size_t length = sizeof(*b->ring) + bytes;
	void *p = mmap(NULL, length, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (p == MAP_FAILED)
		return -errno;
	if (madvise(p, length, MADV_DONTFORK)) {
		err = -errno;
		munmap(p, length);
		return err;
	}
	b->ring = p;
	b->ring->size = bytes;
	return 0;
}

static void unmap_ring(struct log_buffer *b)
{
	munmap(b->ring, sizeof(*b->ring) + b->ring->size);
}

int log_buffer_create(struct log_buffer **out, size_t bytes)
{
	struct log_buffer *b;
	int err;

	if (bytes < LOG_BUFFER_MIN)
		return -EINVAL;
	if (bytes > SIZE_MAX / 2 - sizeof(struct log_ring))
		return -ENOMEM;
	b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	err = map_ring(b, bytes);
	if (err)
		goto out_buffer;
	err = init_locks(b);
	if (err)
		goto out_ring;
	*out = b;
	return 0;
out_ring:
	unmap_ring(b);
out_buffer:
	free(b);
	return err;
}

void log_buffer_destroy(struct log_buffer *b)
{
	if (!b)
		return;
	pthread_cond_destroy(&b->not_full);
	pthread_cond_destroy(&b->not_empty);
	pthread_mutex_destroy(&b->lock);
	unmap_ring(b);
	free(b);
}

size_t log_buffer_size(const struct log_buffer *b)
{
	return b->ring->size;
}

/* Where the bytes [pos, pos + len) lie; returns the number of pieces. */
static int locate(struct log_ring *ring, uint64_t pos, size_t len,
		  struct iovec piece[2])
{
	size_t at = pos % ring->size;
	size_t first = ring->size - at;

	if (first > len)
		first = len;
	piece[0] = (struct iovec){ ring->data + at, first };
	piece[1] = (struct iovec){ ring->data, len - first };
	return len > first ? 2 : 1;
}

size_t log_buffer_reserve(struct log_buffer *b, size_t min, size_t want,
			  struct iovec data[2])
{
	struct log_ring *ring = b->ring;
	uint64_t head, room;

	pthread_mutex_lock(&b->lock);
	head = ring->head;
	for (;;) {
		room = ring->size - (head - ring->tail);
		if (room >= sizeof(struct log_record) + min)
			break;
		pthread_cond_wait(&b->not_full, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);

	room -= sizeof(struct log_record);
	if (room > want)
		room = want;
	locate(ring, head + sizeof(struct log_record), room, data);
	return room;
}

void log_buffer_commit(struct log_buffer *b, const struct log_record *rec)
{
	struct log_ring *ring = b->ring;
	struct iovec piece[2];

	/* Only the producer changes head, so it may read it without the lock. */
	locate(ring, ring->head, sizeof(*rec), piece);
	memcpy(piece[0].iov_base, rec, piece[0].iov_len);
	memcpy(piece[1].iov_base, (const uint8_t *)rec + piece[0].iov_len,
	       piece[1].iov_len);

	pthread_mutex_lock(&b->lock);
	ring->head += sizeof(*rec) + rec->length;
	pthread_cond_signal(&b->not_empty);
	pthread_mutex_unlock(&b->lock);
}

void log_buffer_close(struct log_buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_cond_signal(&b->not_empty);
	pthread_mutex_unlock(&b->lock);
}

static uint64_t view(struct log_ring *ring, uint64_t pos, struct log_view *v)
{
	struct iovec piece[2];

	locate(ring, pos, sizeof(v->record), piece);
	memcpy(&v->record, piece[0].iov_base, piece[0].iov_len);
	memcpy((uint8_t *)&v->record + piece[0].iov_len, piece[1].iov_base,
	       piece[1].iov_len);
	pos += sizeof(v->record);
	locate(ring, pos, v->record.length, v->data);
	v->end = pos + v->record.length;
	return v->end;
}

int log_buffer_peek(struct log_buffer *b, struct log_view *views, size_t max,
		    const struct timespec *deadline)
{
	struct log_ring *ring = b->ring;
	uint64_t head, tail, pos;
	size_t n = 0;
	int err = 0;

	pthread_mutex_lock(&b->lock);
	while (ring->head == ring->tail && !b->closed && !err) {
		if (deadline)
			err = pthread_cond_timedwait(&b->not_empty, &b->lock,
						     deadline);
		else
			err = pthread_cond_wait(&b->not_empty, &b->lock);
	}
	head = ring->head;
	tail = ring->tail;
	pthread_mutex_unlock(&b->lock);

	for (pos = tail; pos < head && n < max; n++) {
		uint64_t end = view(ring, pos, &views[n]);

		if (n && end - tail > ring->size / 2)
			break;
		pos = end;
	}
	return n ? (int)n : -err;
}

void log_buffer_release(struct log_buffer *b, uint64_t end)
{
	pthread_mutex_lock(&b->lock);
	b->ring->tail = end;
	pthread_cond_signal(&b->not_full);
	pthread_mutex_unlock(&b->lock);
}

bool log_buffer_pause(struct log_buffer *b, const struct timespec *deadline)
{
	bool hurried;
	int err = 0;

	pthread_mutex_lock(&b->lock);
	while (!b->hurried && !err)
		err = pthread_cond_timedwait(&b->not_empty, &b->lock, deadline);
	hurried = b->hurried;
	pthread_mutex_unlock(&b->lock);
	return hurried;
}

void log_buffer_hurry(struct log_buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->hurried = true;
	pthread_cond_signal(&b->not_empty);
	pthread_mutex_unlock(&b->lock);
}

bool log_buffer_hurried(struct log_buffer *b)
{
	bool hurried;

	pthread_mutex_lock(&b->lock);
	hurried = b->hurried;
	pthread_mutex_unlock(&b->lock);
	return hurried;
}
