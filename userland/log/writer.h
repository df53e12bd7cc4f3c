/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writer thread: from the buffer into the log files.
 *
 * It takes many records at once, sorts them by source, and writes the bytes of one file
 * with one writev() if possible.
 *
 * A source whose file cannot be written (no space, no quota, read-only, any error) is
 * blocked. Its records move from the buffer to a backlog of its own, so that other
 * sources go on. The reader no longer reads its pipes, so its container waits in write().
 * The write is tried again after a pause that grows up to LOG_RETRY_MAX_MS, because no
 * event tells of free space. A backlog holds at most the source's share of the buffer, so
 * no number of blocked sources stops the others. Only if a backlog cannot be written
 * either does the writer itself wait, and with it the buffer and all containers.
 *
 * The beginning of a line that has no end yet, such as a prompt, is written by itself if
 * nothing has followed for LOG_OPEN_LINE_MS.
 *
 * No byte is dropped while the container lives. Some time after its end a source that is
 * still blocked is given up: the rest of its output is counted and dropped, and a report
 * says how many bytes are lost.
 *
 * After log_buffer_hurry() every blocked source is tried a last time. The records that
 * its file does not take then stay in its backlog for the next process, and a report says
 * so.
 */
#ifndef LOG_WRITER_H
#define LOG_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "buffer.h"
#include "registry.h"

#define LOG_RETRY_MIN_MS 50
#define LOG_RETRY_MAX_MS 1000

/* For how long a line stays unfinished before its beginning is written. */
#define LOG_OPEN_LINE_MS 100

struct log_writer {
	struct log_registry *registry;
	struct log_buffer *buffer;
	struct log_view
		*views; /* the records at hand: of the last log_buffer_peek() */
	int *next_view; /* for each the next of the same source, or -1 */
	struct log_batch *batch; /* the bytes that one file gets next */
	char *payload;		 /* of a record in a backlog */
	uint64_t old_ring; /* up to this position it is from an earlier process */
	bool old_left;	   /* the ring still has records before that position */
	int64_t began; /* CLOCK_REALTIME in ns: after those records, before new ones */
	struct log_sources blocked;
	struct log_sources
		open; /* that have an unfinished line; the first is due first */
	unsigned int retry_ms;
	int64_t retry_at; /* of the blocked ones, CLOCK_MONOTONIC in ns */
};

int log_writer_init(struct log_writer *w, struct log_registry *registry,
		    struct log_buffer *buffer);
/** log_writer_adopt() - add a source of an earlier process, before the thread runs */
void log_writer_adopt(struct log_writer *w, struct log_source *s);
/** log_writer_destroy() - when log_writer_run() has returned, or was never called */
void log_writer_destroy(struct log_writer *w);

/** log_writer_run() - the thread; @arg: struct log_writer */
void *log_writer_run(void *arg);

#endif /* LOG_WRITER_H */
