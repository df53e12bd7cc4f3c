// SPDX-License-Identifier: GPL-2.0
#include "buffer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mutex.h"
#include "ring.h"

struct log_buffer {
	pthread_mutex_t lock; /* buffer.h says what it protects */
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	bool closed;
	bool hurried;
	bool abandoned;
	struct log_ring *ring;
};

int log_buffer_open(struct log_buffer **out, const char *dir, size_t bytes)
{
	struct log_buffer *b;
	int err;

	if (bytes < LOG_BUFFER_MIN)
		return -EINVAL;
	if (bytes > SIZE_MAX / 2 - LOG_RING_DATA)
		return -ENOMEM;
	b = malloc(sizeof(*b));
	if (!b)
		return -ENOMEM;
	*b = (struct log_buffer){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.not_empty = PTHREAD_COND_INITIALIZER,
		.not_full = PTHREAD_COND_INITIALIZER,
	};
	err = log_ring_open(&b->ring, dir, bytes);
	if (err)
		free(b);
	else
		*out = b;
	return err;
}

void log_buffer_free(struct log_buffer *b)
{
	if (b)
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

/* Wait until there is room for @bytes, or the ring is abandoned; returns the room. */
static uint64_t wait_for_room(struct log_buffer *b, uint64_t head, size_t bytes)
{
	uint64_t room;

	guard_mutex(&b->lock);
	for (;;) {
		room = b->ring->size - (head - ring_get(&b->ring->tail));
		if (room >= bytes || b->abandoned)
			return room;
		pthread_cond_wait(&b->not_full, &b->lock);
	}
}

ssize_t log_buffer_reserve(struct log_buffer *b, size_t min, size_t want,
			   struct iovec data[2])
{
	const size_t header = sizeof(struct log_record);
	uint64_t head = ring_get(&b->ring->head);
	uint64_t room = wait_for_room(b, head, header + min);

	if (room < header + min)
		return -EPIPE;
	room -= header;
	if (room > want)
		room = want;
	log_ring_locate(b->ring, head + header, room, data);
	return room;
}

void log_buffer_commit(struct log_buffer *b, const struct log_record *rec)
{
	struct log_ring *ring = b->ring;
	uint64_t head = ring_get(&ring->head);

	/* Only the producer changes head, so it may read it without the lock. */
	log_ring_put_header(ring, head, rec);

	guard_mutex(&b->lock);
	ring_set(&ring->head, head + sizeof(*rec) + rec->length);
	pthread_cond_signal(&b->not_empty);
}

/* Wait for not_empty, the lock held, or until @deadline; returns 0 or ETIMEDOUT. */
static int wait_until(struct log_buffer *b, int64_t deadline)
{
	const struct timespec ts = {
		.tv_sec = deadline / NSEC_PER_SEC,
		.tv_nsec = deadline % NSEC_PER_SEC,
	};

	if (deadline == LOG_NEVER)
		return pthread_cond_wait(&b->not_empty, &b->lock);
	return pthread_cond_clockwait(&b->not_empty, &b->lock, CLOCK_MONOTONIC,
				      &ts);
}

/* Wait for a record or a close; returns 0 or ETIMEDOUT. */
static int wait_for_records(struct log_buffer *b, int64_t deadline,
			    uint64_t *head, uint64_t *tail)
{
	int err = 0;

	guard_mutex(&b->lock);
	for (;;) {
		*head = ring_get(&b->ring->head);
		*tail = ring_get(&b->ring->tail);
		if (*head != *tail || b->closed || err)
			return err;
		err = wait_until(b, deadline);
	}
}

int log_buffer_peek(struct log_buffer *b, struct log_view *views, size_t max,
		    int64_t deadline)
{
	uint64_t head, tail, pos;
	int err = wait_for_records(b, deadline, &head, &tail);
	size_t n = 0;

	for (pos = tail; pos < head && n < max; n++) {
		log_ring_view(b->ring, pos, &views[n]);
		if (n && views[n].end - tail > b->ring->size / 2)
			break;
		pos = views[n].end;
	}
	return n ? (int)n : -err;
}

void log_buffer_release(struct log_buffer *b, uint64_t end)
{
	guard_mutex(&b->lock);
	ring_set(&b->ring->tail, end);
	pthread_cond_signal(&b->not_full);
}

bool log_buffer_pause(struct log_buffer *b, int64_t deadline)
{
	int err = 0;

	guard_mutex(&b->lock);
	while (!b->hurried && !err)
		err = wait_until(b, deadline);
	return b->hurried;
}

static void set_flag(struct log_buffer *b, bool *flag, pthread_cond_t *waiter)
{
	guard_mutex(&b->lock);
	*flag = true;
	pthread_cond_signal(waiter);
}

void log_buffer_close(struct log_buffer *b)
{
	set_flag(b, &b->closed, &b->not_empty);
}

void log_buffer_abandon(struct log_buffer *b)
{
	set_flag(b, &b->abandoned, &b->not_full);
}

void log_buffer_hurry(struct log_buffer *b)
{
	set_flag(b, &b->hurried, &b->not_empty);
}
