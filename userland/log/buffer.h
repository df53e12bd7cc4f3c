/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bounded buffer between the log reader and the log writer.
 *
 * A ring of a fixed number of bytes that holds records: a header (struct
 * log_record) and the bytes that one read() of one stream returned. Headers and
 * payload follow each other without padding and wrap around the end of the ring
 * at any byte, so that a ring can be filled to the last byte.
 *
 * Ownership. There is one producer thread and one consumer thread. Positions
 * count bytes since the beginning and only grow: tail <= head <= tail + size.
 * The bytes in [tail, head) are whole records and belong to the consumer, which
 * only reads them; all others belong to the producer, which reads from pipes
 * straight into them. head moves when a record is complete, by
 * log_buffer_commit(); tail when the consumer has no more use for the bytes, by
 * log_buffer_release(). Neither thread holds the lock while it copies, reads a
 * pipe or writes a file.
 *
 * Ordering. One queue for all sources: records leave in the order in which they
 * were committed. Bytes of one stream therefore keep their order, and the two
 * streams of a container keep the order in which they were read.
 *
 * Wake-ups. A commit and a close signal not_empty, a release signals not_full.
 * The state that a waiter waits for is read and changed under the lock, and
 * each condition has one waiter, so that no wake-up can be missed or go to the
 * wrong thread.
 *
 * Full. log_buffer_reserve() waits. The reader then reads no pipe, the pipes
 * fill up, and the containers block in write(): nothing is dropped. Records
 * leave in order, so what is in the buffer waits for the oldest record, not for
 * a place that happens to be free.
 *
 * Shutdown. The producer calls log_buffer_close() after its last record; the
 * consumer goes on to take what is left and then gets 0 from log_buffer_peek().
 * Once log_buffer_hurry() was called, by any thread, log_buffer_pause() no longer
 * waits. A consumer that then cannot go on calls log_buffer_abandon(): what it
 * has not released stays in the ring for the next process, and the producer no
 * longer waits for room.
 *
 * After a crash. The ring is a file that is mapped shared: what a process has
 * stored there is there for the next one, whatever instant it was killed at.
 * head and tail are single stores, made after all that they stand for, so that
 * every state between two instructions makes sense: a record that is being
 * filled is not there yet, one that is being released is still there. The
 * consumer notes elsewhere (marks.h) what it has done with each record, the
 * producer in the ring itself what it is about to take (struct log_intent), and
 * so nothing is taken or written twice. Only a machine that goes down loses it.
 *
 * The lock prevents these data races:
 *  - head: written by the producer, read by the consumer. Taking the lock also
 *    makes the bytes of a committed record visible to the consumer.
 *  - tail: written by the consumer, read by the producer. Taking the lock also
 *    makes sure that the producer overwrites bytes only after the last look
 *    that the consumer had at them.
 *  - closed, hurried, abandoned: written by one thread, read by another.
 * Locks and conditions are of the process; the ring (struct log_ring) holds no
 * pointer and no lock, and means the same at any address.
 */
#ifndef LOG_BUFFER_H
#define LOG_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#include "record.h"
#include "settings.h"

struct log_intent;
struct log_buffer;

/**
 * log_buffer_open() - the ring in the file "buffer" of the folder @dir
 * @bytes: for headers and payload. A ring that is there is taken over as it is,
 *	unless it is empty and of another size.
 * Errors: -EINVAL (below LOG_BUFFER_MIN), -ENOMEM, -ENOSPC, those of open(2),
 * -EPROTO (it is of another version), -EBADMSG (it is damaged).
 */
int log_buffer_open(struct log_buffer **out, const char *dir, size_t bytes);
/** log_buffer_free() - the file stays; NULL is no buffer */
void log_buffer_free(struct log_buffer *b);
/** log_buffer_head() - the position behind the last record; for its producer */
uint64_t log_buffer_head(const struct log_buffer *b);
struct log_intent *log_buffer_intent(struct log_buffer *b);
bool log_buffer_is_empty(const struct log_buffer *b);
size_t log_buffer_size(const struct log_buffer *b);

/* For the producer */

/**
 * log_buffer_reserve() - wait until a record of @min bytes of payload fits
 * @min: at most the size of the ring less the header
 * @want: more than that is not needed
 * @data: filled with the place of the payload
 * Returns the size of the place, in [min, want]. A reservation that is not
 * committed needs no undoing. -EPIPE: the consumer has abandoned the ring.
 */
ssize_t log_buffer_reserve(struct log_buffer *b, size_t min, size_t want,
			   struct iovec data[2]);

/**
 * log_buffer_commit() - hand over a record whose payload is in its place
 * @rec: its length is at most what log_buffer_reserve() returned last
 */
void log_buffer_commit(struct log_buffer *b, const struct log_record *rec);

/** log_buffer_close() - there will be no more records */
void log_buffer_close(struct log_buffer *b);

/* For the consumer */

/**
 * log_buffer_peek() - wait for records and look at the oldest ones
 * @views: filled with at most @max records that together take no more than half
 *	of the ring (one may), so that the producer can go on meanwhile
 * @deadline: CLOCK_MONOTONIC; NULL waits without an end
 * Returns how many there are, 0 when the buffer is closed and empty, -ETIMEDOUT.
 */
int log_buffer_peek(struct log_buffer *b, struct log_view *views, size_t max,
		    const struct timespec *deadline);

/** log_buffer_release() - give back all records up to a log_view.end */
void log_buffer_release(struct log_buffer *b, uint64_t end);

/**
 * log_buffer_pause() - wait until @deadline (CLOCK_MONOTONIC) or a hurry
 * Returns whether there is a hurry.
 */
bool log_buffer_pause(struct log_buffer *b, const struct timespec *deadline);

/** log_buffer_abandon() - nothing more will be released */
void log_buffer_abandon(struct log_buffer *b);

/* For any thread */

/** log_buffer_hurry() - tell the consumer not to wait for better times */
void log_buffer_hurry(struct log_buffer *b);
bool log_buffer_hurried(struct log_buffer *b);

#endif /* LOG_BUFFER_H */
