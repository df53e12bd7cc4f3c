/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bounded buffer between the reader thread, its producer, and the writer thread, its
 * consumer: a ring of a fixed number of bytes that holds records (record.h). Headers and
 * payload follow each other without padding and wrap around the end of the ring at any
 * byte, so that the ring can be filled to the last byte.
 *
 * Ownership. Positions count bytes since the beginning and only grow:
 * tail <= head <= tail + size. The bytes in [tail, head) are whole records and belong to
 * the consumer, which only reads them. All other bytes belong to the producer, which
 * reads from pipes straight into them. log_buffer_commit() moves head when a record is
 * complete; log_buffer_release() moves tail when the consumer no longer needs the bytes.
 * Neither thread holds the lock while it copies, reads a pipe or writes a file.
 *
 * Order. There is one queue for all sources: records leave it in the order in which they
 * were committed. So the bytes of a stream keep their order, and the two streams of a
 * container keep the order in which they were read.
 *
 * Wake-ups. A commit and a close signal not_empty, a release signals not_full. A waiter
 * reads the state that it waits for under the lock, the state is changed under the lock,
 * and each condition has one waiter: no wake-up is missed or reaches the wrong thread.
 *
 * A full buffer. log_buffer_reserve() waits. The reader then reads no pipe, the pipes fill
 * up, and the containers block in write(): nothing is dropped. Records leave in order, so
 * everything in the buffer waits for the oldest record.
 *
 * Shutdown. The producer calls log_buffer_close() after its last record; the consumer
 * takes the remaining records and then gets 0 from log_buffer_peek(). After
 * log_buffer_hurry(), which any thread may call, log_buffer_pause() no longer waits. If
 * the consumer then cannot write a record, it calls log_buffer_abandon(): the records that
 * it has not released stay in the ring for the next process, and the producer no longer
 * waits for room.
 *
 * After a crash. The ring is a file that is mapped shared: the next process finds every
 * store of the last one, whenever that was killed. head and tail are single stores, made
 * after everything that they stand for. So the state between any two instructions is
 * valid: a record that is being filled is not in the ring yet, one that is being released
 * is still in it. The consumer keeps in its marks (marks.h) what it has done with each
 * record, the producer keeps in the ring what it is about to take (struct log_intent): no
 * byte is taken or written twice. Only a crash of the machine loses the buffer.
 *
 * The lock prevents these data races:
 *  - head: written by the producer, read by the consumer. Taking the lock also makes the
 *    bytes of a committed record visible to the consumer.
 *  - tail: written by the consumer, read by the producer. Taking the lock also ensures
 *    that the producer overwrites bytes only after the consumer's last look at them.
 *  - closed, hurried, abandoned: written by one thread, read by another.
 * Lock and conditions belong to the process; the ring (struct log_ring) holds no pointer
 * and no lock, and is valid at any address.
 */
#ifndef LOG_BUFFER_H
#define LOG_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "record.h"
#include "settings.h"

struct log_intent;
struct log_buffer;

/**
 * log_buffer_open() - open the ring in the file "buffer" of the folder @dir, or make it
 * @bytes: for headers and payload. An existing ring is used as it is, unless it is empty
 *	and has another size.
 * Errors: -EINVAL (@bytes is below LOG_BUFFER_MIN), -ENOMEM, -ENOSPC, those of open(2),
 * -EPROTO (the file is of another version), -EBADMSG (it is damaged).
 */
int log_buffer_open(struct log_buffer **out, const char *dir, size_t bytes);
/** log_buffer_free() - free it; the file stays. NULL is allowed */
void log_buffer_free(struct log_buffer *b);
/** log_buffer_head() - the position behind the last record; for the producer */
uint64_t log_buffer_head(const struct log_buffer *b);
struct log_intent *log_buffer_intent(struct log_buffer *b);
bool log_buffer_is_empty(const struct log_buffer *b);
size_t log_buffer_size(const struct log_buffer *b);

/* For the producer */

/**
 * log_buffer_reserve() - wait until a record with @min bytes of payload fits
 * @min: at most the size of the ring less the header
 * @want: the most that is useful
 * @data: filled with the place of the payload
 * Returns the size of the place, in [min, want]. A reservation that is not committed
 * needs no undoing. -EPIPE: the consumer has abandoned the ring.
 */
ssize_t log_buffer_reserve(struct log_buffer *b, size_t min, size_t want,
			   struct iovec data[2]);

/**
 * log_buffer_commit() - add a record whose payload is in its place
 * @rec: its length is at most the result of the last log_buffer_reserve()
 */
void log_buffer_commit(struct log_buffer *b, const struct log_record *rec);

/** log_buffer_close() - there will be no more records */
void log_buffer_close(struct log_buffer *b);

/* For the consumer. A deadline is CLOCK_MONOTONIC in ns, or LOG_NEVER. */

/**
 * log_buffer_peek() - wait for records and look at the oldest ones
 * @views: filled with at most @max records. Together they take at most half of the ring,
 *	so that the producer can go on meanwhile; but a single one may take more.
 * Returns how many there are, 0 if the buffer is closed and empty, or -ETIMEDOUT.
 */
int log_buffer_peek(struct log_buffer *b, struct log_view *views, size_t max,
		    int64_t deadline);

/** log_buffer_release() - give back all records up to the log_view.end @end */
void log_buffer_release(struct log_buffer *b, uint64_t end);

/** log_buffer_pause() - wait until @deadline, or for log_buffer_hurry(): true then */
bool log_buffer_pause(struct log_buffer *b, int64_t deadline);

/** log_buffer_abandon() - no more records will be released */
void log_buffer_abandon(struct log_buffer *b);

/* For any thread */

/** log_buffer_hurry() - the pipeline is about to end: log_buffer_pause() must not wait */
void log_buffer_hurry(struct log_buffer *b);

#endif /* LOG_BUFFER_H */
