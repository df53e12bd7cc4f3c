/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writer thread: from the buffer into the log files.
 *
 * It takes many records at once, sorts them by file, and writes what one file
 * gets with one writev() where that is possible.
 *
 * A file that cannot be written (no space, no quota, read-only, any error) is
 * blocked: what the buffer has for it moves to a backlog of its own, so that the
 * others can go on; the reader no longer reads its container, which then waits
 * in write(); and the write is tried again after a pause that grows up to
 * LOG_RETRY_MAX_MS, for no event tells of free space. A backlog holds what its
 * container had in the buffer, its share at most, so that no number of such files
 * stops the others. Only where a backlog cannot be written either the writer
 * itself waits, hence the buffer, hence all containers.
 *
 * Nothing is dropped as long as its container lives. Some time after its end a file
 * that cannot be written then is given up: what is left of the container's output
 * is counted and dropped, and a report says how much it was.
 *
 * In a hurry (see buffer.h) every blocked file is tried a last time. What it does
 * not take then stays in its backlog for the next process, however much that is,
 * and a report says so.
 */
#ifndef LOG_WRITER_H
#define LOG_WRITER_H

#include <stddef.h>
#include <time.h>

#include "batch.h"
#include "buffer.h"
#include "registry.h"

#define LOG_RETRY_MIN_MS 50
#define LOG_RETRY_MAX_MS 1000

struct log_writer {
	struct log_registry *registry;
	struct log_buffer *buffer;
	struct log_view *views;	 /* the records at hand */
	int *next_view;		 /* of the same source, -1 at the last */
	struct log_batch *batch; /* what one file is about to get */
	char *payload;		 /* of a record in a backlog */
	uint64_t ring_left; /* up to there the ring is an earlier process's */
	struct log_sources blocked;
	unsigned int retry_ms;
	struct timespec retry_at; /* CLOCK_MONOTONIC */
};

int log_writer_init(struct log_writer *w, struct log_registry *registry,
		    struct log_buffer *buffer);
/** log_writer_adopt() - a source of an earlier process, before the thread runs */
void log_writer_adopt(struct log_writer *w, struct log_source *s);
/** log_writer_destroy() - when log_writer_run() has returned or never ran */
void log_writer_destroy(struct log_writer *w);

/** log_writer_run() - the thread; @arg: struct log_writer */
void *log_writer_run(void *arg);

#endif /* LOG_WRITER_H */
