/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks: how far the writer has come with each log, kept where the next process
 * finds it.
 *
 * A mark is written after what it speaks of, and read again in two cases: by a
 * process that comes after one that was killed, and by the writer itself when a
 * write has failed. In both, everything is put back to where the mark says that
 * it was: the file is made as long as it was then, the lines that had begun
 * become what they were, and the records that came after are written again. They
 * are still there, for a record leaves the ring (or the backlog) only when a mark
 * says that it is dealt with. So every byte is in the file once.
 *
 * The file "marks" has a slot for each log: its mark, what the log is called and
 * how it is written, and the text of lines that have no newline yet. A mark lies
 * within one page and is written by one pwrite(), which the kernel does not
 * interrupt there: it is the old one or the new one. The text of an unfinished
 * line is written before the mark and never over text that the last mark still
 * speaks of: there are two places for it, which take turns.
 */
#ifndef LOG_MARKS_H
#define LOG_MARKS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "settings.h"

#define LOG_MARKS_FILE "marks"

/** struct log_mark_line - the line that a stream is at */
struct log_mark_line {
	uint32_t length;  /* of what is kept of it, see struct log_line */
	uint16_t place;	  /* where: 0 or 1 */
	uint16_t partial; /* whether parts of it are in the file */
};

/**
 * struct log_mark - where a log stands
 * @used: 0: the slot is free, all else has no meaning
 * @key: the pipeline's name for it
 * @ring_done: all records of the ring before this position are dealt with
 * @file_dev, @file_ino: the file that is written
 * @file_size: bytes of it that count
 * @backlog_start, @backlog_end: what its backlog holds, see backlog.h; where it
 *	holds anything that comes before the records of the ring
 * @skip: bytes of the next record's payload that are dealt with
 * @lines: what is kept of unfinished lines
 */
struct log_mark {
	uint64_t used;
	uint64_t key;
	uint64_t ring_done;
	uint64_t file_dev;
	uint64_t file_ino;
	uint64_t file_size;
	uint64_t backlog_start;
	uint64_t backlog_end;
	uint64_t skip;
	struct log_mark_line lines[LOG_N_STREAMS];
};

struct log_marks {
	int fd;
	pthread_mutex_t lock; /* of the two fields below */
	uint32_t n_slots;
	uint32_t *free; /* slots; room for all there are */
	uint32_t n_free;
};

/** log_marks_open() - -EPROTO (another version), -EBADMSG, those of open(2) */
int log_marks_open(struct log_marks *m, const char *dir);
void log_marks_close(struct log_marks *m);
bool log_marks_empty(struct log_marks *m);

/**
 * log_marks_read() - what a slot holds
 * @path: for free(). Returns 1, 0 where the slot is free, or a negative errno.
 */
int log_marks_read(struct log_marks *m, uint32_t slot, struct log_mark *mark,
		   char **path, struct log_settings *settings);

/**
 * log_marks_claim() - take a free slot
 * What it is for is written; it is free still for those who come after a kill,
 * until log_marks_write() writes a mark. Errors: -ENAMETOOLONG,
 * -ENOMEM, -ENOSPC.
 */
int log_marks_claim(struct log_marks *m, const char *path,
		    const struct log_settings *settings, uint32_t *slot);

/** log_marks_write() - never needs space */
int log_marks_write(struct log_marks *m, uint32_t slot,
		    const struct log_mark *mark);
/** log_marks_release() - the log is complete: the slot is free */
int log_marks_release(struct log_marks *m, uint32_t slot);

/** log_marks_put_text() - @at: offset in the place; at most LOG_TEXT_MAX in all */
int log_marks_put_text(struct log_marks *m, uint32_t slot,
		       enum log_stream stream, unsigned int place, size_t at,
		       const char *p, size_t len);
int log_marks_get_text(struct log_marks *m, uint32_t slot,
		       enum log_stream stream, unsigned int place, char *p,
		       size_t len);

#endif /* LOG_MARKS_H */
