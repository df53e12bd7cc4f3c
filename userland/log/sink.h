/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sink: where the records of one source go. It holds the log file, the unfinished line
 * of each stream, and the backlog, which takes the records while the file cannot be
 * written. Once the source is added, only the writer thread uses it.
 *
 * The sink knows two states: @mark is the one that is written to the marks (marks.h),
 * @now also counts everything that was put into the batch or the file since.
 * log_sink_commit() makes @now the new @mark. After an error log_sink_rewind() goes back to
 * @mark, as a process does that comes after one that was killed.
 */
#ifndef LOG_SINK_H
#define LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backlog.h"
#include "batch.h"
#include "format.h"
#include "line.h"
#include "marks.h"
#include "record.h"
#include "reserve.h"
#include "settings.h"

struct log_sink {
	char *path;
	struct log_settings settings;
	struct log_marks *marks;
	uint32_t slot; /* in the marks */

	int fd;	      /* -1: not open */
	bool regular; /* a regular file, which can be cut and rotated */
	bool stale;   /* file and lines are not yet as @now says */
	struct log_reserve reserve;
	struct log_mark mark;
	struct log_mark now;
	struct log_line lines[LOG_N_STREAMS];
	int64_t time; /* of the last record that was put, or of the take-over; in ns */

	struct log_backlog backlog;
	uint64_t old_backlog; /* up to this offset it is from an earlier process */
	bool blocked;	      /* every record goes to the backlog */
	bool given_up; /* every record is dropped, and counted in @lost */
	uint64_t lost; /* bytes of the container's output */
	int error; /* the first negative errno since the last commit, or 0 */
};

/* A sink of which log_sink_close() closes nothing. */
#define LOG_NO_SINK ((struct log_sink){ .fd = -1, .backlog.fd = -1 })

/**
 * log_sink_open() - open the file at @path for appending, create it with mode 0640
 * @dir: the folder of the pipeline. If a crash has left the last line of the file without
 * a newline, it gets one, so that the next line does not become a part of it. Errors:
 * those of open(2) and write(2); -ELOOP (@path is a symbolic link); those of
 * log_marks_claim().
 */
int log_sink_open(struct log_sink *k, struct log_marks *marks, const char *dir,
		  uint64_t key, const char *path,
		  const struct log_settings *settings);

/**
 * log_sink_recover() - take over the sink in slot @slot from an earlier process
 * The file is not opened yet. Returns 1, 0 if the slot is free, or a negative errno.
 */
int log_sink_recover(struct log_sink *k, struct log_marks *marks,
		     const char *dir, uint32_t slot);

/**
 * log_sink_ready() - open the file, and bring file and lines to the state of the mark
 * Must be called before the first put after an open, a recovery or a rewind.
 */
int log_sink_ready(struct log_sink *k);

/**
 * log_sink_put() - put a record into @b, which is written whenever it is full
 * @data: its payload; the first now.skip bytes are done already, and are left out
 * now.skip counts the bytes that are put. If a line does not fit into the file any more,
 * the file is rotated.
 */
int log_sink_put(struct log_sink *k, struct log_batch *b,
		 const struct log_record *rec, const struct iovec data[2]);

/**
 * log_sink_reserve() - ask the file system for the space that a record needs
 * This finds out whether a write would fail without writing, if the file system can tell:
 * so a process that follows the file does not see it grow and shrink with each attempt.
 */
int log_sink_reserve(struct log_sink *k, const struct log_record *rec,
		     const char *payload);

/** log_sink_is_open() - after a commit: whether a stream has an unfinished line */
static inline bool log_sink_is_open(const struct log_sink *k)
{
	return k->now.lines[LOG_STDOUT].length ||
	       k->now.lines[LOG_STDERR].length;
}

/** log_sink_put_open() - put the unfinished lines, as parts of lines */
int log_sink_put_open(struct log_sink *k, struct log_batch *b);

/** log_sink_commit() - write all of @b, and then the mark */
int log_sink_commit(struct log_sink *k, struct log_batch *b);

/** log_sink_commit_mark() - write the mark alone */
int log_sink_commit_mark(struct log_sink *k);

/** log_sink_rewind() - go back to the mark, and drop @b */
void log_sink_rewind(struct log_sink *k, struct log_batch *b);

/**
 * log_sink_give_up() - drop the backlog and unfinished lines, and write nothing more
 * @payload: LOG_BACKLOG_RECORD_MAX bytes. The dropped bytes are counted in @lost. Returns
 * whether the last record of the source was in the backlog.
 */
bool log_sink_give_up(struct log_sink *k, char *payload);

/**
 * log_sink_drop() - drop a record of the ring after log_sink_give_up(), and count it
 * log_sink_commit() then writes the mark.
 */
void log_sink_drop(struct log_sink *k, const struct log_view *v);

/** log_sink_backlog_bytes() - how many bytes are in the backlog */
static inline uint64_t log_sink_backlog_bytes(const struct log_sink *k)
{
	return k->now.backlog_end - k->now.backlog_start;
}

/** log_sink_end() - the log is complete: close it, and remove everything but its files */
void log_sink_end(struct log_sink *k);
/** log_sink_close() - close the file and free memory; mark and backlog stay */
void log_sink_close(struct log_sink *k);

#endif /* LOG_SINK_H */
