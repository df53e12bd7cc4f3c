/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the records of one source go: its log file, the lines that its two
 * streams are at, and what is held back while the file cannot be written. Used
 * by the writer thread alone once the source has been added.
 *
 * The sink knows two states: @mark, which is kept (marks.h), and @now, which
 * counts in what has been put into the batch or the file since.
 * log_sink_commit() makes the one the other. After an error log_sink_rewind()
 * goes back, as a process does that comes after one that was killed.
 */
#ifndef LOG_SINK_H
#define LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backlog.h"
#include "batch.h"
#include "buffer.h"
#include "format.h"
#include "line.h"
#include "marks.h"
#include "reserve.h"
#include "settings.h"

struct log_sink {
	char *path;
	struct log_settings settings;
	struct log_marks *marks;
	uint32_t slot;

	int fd;	      /* -1: to be opened */
	bool regular; /* a file, which can be cut and rotated */
	bool stale;   /* the file and the lines are not as @now says */
	struct log_reserve reserve;
	struct log_mark mark;
	struct log_mark now;
	struct log_line lines[LOG_N_STREAMS];

	struct log_backlog backlog;
	uint64_t backlog_left; /* up to there it is an earlier process's */
	bool blocked;	       /* all goes to the backlog */
	bool given_up;	       /* all is dropped, and counted in @lost */
	uint64_t lost;	       /* bytes that its container wrote in vain */
	int error;	       /* first negative errno of a write, or 0 */
};

/* Nothing is to be closed. */
#define LOG_NO_SINK ((struct log_sink){ .fd = -1, .backlog.fd = -1 })

/**
 * log_sink_open() - open the file at @path for appending, create it with 0640
 * @dir: of the pipeline. A line that a crash has left without its newline is given
 * one, so that the next does not become a part of it. Errors: those of open(2)
 * and write(2); -ELOOP where @path is a symbolic link; those of
 * log_marks_claim().
 */
int log_sink_open(struct log_sink *k, struct log_marks *marks, const char *dir,
		  uint64_t key, const char *path,
		  const struct log_settings *settings);

/**
 * log_sink_recover() - that of slot @slot, as it was left
 * Nothing is opened yet. Returns 1, 0 where the slot is free, or a negative
 * errno.
 */
int log_sink_recover(struct log_sink *k, struct log_marks *marks,
		     const char *dir, uint32_t slot);

/**
 * log_sink_ready() - make the file and the lines what the mark says
 * To be called before the first put after an open, a recovery or a rewind.
 */
int log_sink_ready(struct log_sink *k);

/**
 * log_sink_put() - put a record into @b, which is written whenever it is full
 * @data: its payload, of which the first now.skip bytes are dealt with.
 * What is put is counted in now.skip. The file is rotated where a line does not
 * fit into it any more.
 */
int log_sink_put(struct log_sink *k, struct log_batch *b,
		 const struct log_record *rec, const struct iovec data[2]);

/**
 * log_sink_reserve() - is there room in the file system for a record?
 * Asks without writing, where the file system can: who follows the file does not
 * see it grow and shrink each time that a write is tried in vain.
 */
int log_sink_reserve(struct log_sink *k, const struct log_record *rec,
		     const char *payload);

/** log_sink_commit() - write all of @b, and the mark */
int log_sink_commit(struct log_sink *k, struct log_batch *b);

/** log_sink_rewind() - back to the mark; @b is dropped */
void log_sink_rewind(struct log_sink *k, struct log_batch *b);

/**
 * log_sink_give_up() - drop what is held back, count it, and write nothing more
 * @payload: LOG_BACKLOG_RECORD_MAX bytes. Returns whether the source's own last
 * record was among it.
 */
bool log_sink_give_up(struct log_sink *k, char *payload);

/**
 * log_sink_drop() - count a record of the ring as lost, once it is given up
 * log_sink_commit() notes that it is dealt with.
 */
void log_sink_drop(struct log_sink *k, const struct log_view *v);

/** log_sink_backlog_bytes() - how much is held back */
static inline uint64_t log_sink_backlog_bytes(const struct log_sink *k)
{
	return k->now.backlog_end - k->now.backlog_start;
}

/** log_sink_end() - the log is complete: nothing but the file is left */
void log_sink_end(struct log_sink *k);
/** log_sink_close() - close the file, free memory; what is kept stays */
void log_sink_close(struct log_sink *k);

#endif /* LOG_SINK_H */
