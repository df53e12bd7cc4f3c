// SPDX-License-Identifier: GPL-2.0
#include "buffer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ring.h"

struct log_buffer {
	pthread_mutex_t lock; /* what it protects: see buffer.h */
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	bool closed;
	bool hurried;
	bool abandoned;
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

int log_buffer_open(struct log_buffer **out, const char *dir, size_t bytes)
{
	struct log_buffer *b;
	int err;

	if (bytes < LOG_BUFFER_MIN)
		return -EINVAL;
	if (bytes > SIZE_MAX / 2 - LOG_RING_DATA)
		return -ENOMEM;
	b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	err = log_ring_open(&b->ring, dir, bytes);
	if (err)
		goto out_buffer;
	err = init_locks(b);
	if (err)
		goto out_ring;
	*out = b;
	return 0;
out_ring:
	log_ring_unmap(b->ring);
out_buffer:
	free(b);
	return err;
}

void log_buffer_free(struct log_buffer *b)
{
	if (!b)
		return;
	pthread_cond_destroy(&b->not_full);
	pthread_cond_destroy(&b->not_empty);
	pthread_mutex_destroy(&b->lock);
	log_ring_unmap(b->ring);
	free(b);
}

size_t log_buffer_size(const struct log_buffer *b)
{
	return b->ring->size;
}

uint64_t log_buffer_head(const struct log_buffer *b)
{
	return ring_get(&b->ring->head);
}

struct log_intent *log_buffer_intent(struct log_buffer *b)
{
	return &b->ring->intent;
}

bool log_buffer_is_empty(const struct log_buffer *b)
{
	return ring_get(&b->ring->head) == ring_get(&b->ring->tail);
}

ssize_t log_buffer_reserve(struct log_buffer *b, size_t min, size_t want,
			   struct iovec data[2])
{
	struct log_ring *ring = b->ring;
	uint64_t head, room;
	bool abandoned;

	pthread_mutex_lock(&b->lock);
	head = ring_get(&ring->head);
	for (;;) {
		room = ring->size - (head - ring_get(&ring->tail));
		abandoned = b->abandoned;
		if (room >= sizeof(struct log_record) + min || abandoned)
			break;
		pthread_cond_wait(&b->not_full, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);

	if (room < sizeof(struct log_record) + min)
		return -EPIPE;
	room -= sizeof(struct log_record);
	if (room > want)
		room = want;
	log_ring_locate(ring, head + sizeof(struct log_record), room, data);
	return room;
}

void log_buffer_commit(struct log_buffer *b, const struct log_record *rec)
{
	struct log_ring *ring = b->ring;
	uint64_t head = ring_get(&ring->head);

	/* Only the producer changes head, so it may read it without the lock. */
	log_ring_put_header(ring, head, rec);

	pthread_mutex_lock(&b->lock);
	ring_set(&ring->head, head + sizeof(*rec) + rec->length);
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

int log_buffer_peek(struct log_buffer *b, struct log_view *views, size_t max,
		    const struct timespec *deadline)
{
	struct log_ring *ring = b->ring;
	uint64_t head, tail, pos;
	size_t n = 0;
	int err = 0;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		head = ring_get(&ring->head);
		tail = ring_get(&ring->tail);
		if (head != tail || b->closed || err)
			break;
		if (deadline)
			err = pthread_cond_timedwait(&b->not_empty, &b->lock,
						     deadline);
		else
			err = pthread_cond_wait(&b->not_empty, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);

	for (pos = tail; pos < head && n < max; n++) {
		log_ring_view(ring, pos, &views[n]);
		if (n && views[n].end - tail > ring->size / 2)
			break;
		pos = views[n].end;
	}
	return n ? (int)n : -err;
}

void log_buffer_release(struct log_buffer *b, uint64_t end)
{
	pthread_mutex_lock(&b->lock);
	ring_set(&b->ring->tail, end);
	pthread_cond_signal(&b->not_full);
	pthread_mutex_unlock(&b->lock);
}

void log_buffer_abandon(struct log_buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->abandoned = true;
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
