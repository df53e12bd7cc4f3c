/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks: the checkpoints of the logs. The mark of a log says how far the writer has come
 * with it, and is kept in a file for the next process.
 *
 * A mark is written after everything that it speaks of. It is read in two cases: by the
 * process that follows one that was killed, and by the writer itself when a write has
 * failed. Both go back to the mark: the file is cut to the length that it had then, the
 * unfinished lines become as they were then, and the records that came later are written
 * again. These records still exist, because a record leaves the ring or the backlog only
 * when a mark says that it is done. So each byte is in the file once.
 *
 * The file "marks" has a slot for each log: its mark, its path and settings, and the text
 * of its unfinished lines. A mark lies within one page and is written by one pwrite(),
 * which the kernel does not interrupt there: a reader finds the old mark or the new one.
 * The text of an unfinished line is written before the mark, and never over text that the
 * last mark still speaks of: there are two places for it, which are used in turns.
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

/** struct log_mark_line - the unfinished line of a stream */
struct log_mark_line {
	uint32_t length;  /* of the text that is kept, see struct log_line */
	uint16_t place;	  /* which of the two: 0 or 1 */
	uint16_t partial; /* whether parts of the line are in the file */
};

/**
 * struct log_mark - the checkpoint of a log
 * @used: 0: the slot is free, and the other fields have no meaning
 * @key: the name that the pipeline knows it by
 * @ring_done: all its records in the ring before this position are done
 * @file_dev, @file_ino: the file that is being written
 * @file_size: the length of that file; bytes behind it do not count
 * @backlog_start, @backlog_end: offsets of the records in its backlog (backlog.h), which
 *	come before those in the ring; both 0 if there are none
 * @skip: how many bytes of the next record's payload are done
 * @lines: the unfinished lines
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
	pthread_mutex_t lock; /* protects the fields below */
	uint32_t n_slots;
	uint32_t *free; /* the free slots; has room for all slots */
	uint32_t n_free;
};

/** log_marks_open() - -EPROTO (of another version), -EBADMSG, or those of open(2) */
int log_marks_open(struct log_marks *m, const char *dir);
void log_marks_close(struct log_marks *m);
bool log_marks_empty(struct log_marks *m);

/**
 * log_marks_read() - read a slot
 * @path: for free(). Returns 1, 0 if the slot is free, or a negative errno.
 */
int log_marks_read(struct log_marks *m, uint32_t slot, struct log_mark *mark,
		   char **path, struct log_settings *settings);

/**
 * log_marks_claim() - take a free slot, and write path and settings
 * For a process that comes after a kill the slot is still free until
 * log_marks_write() has written a mark. Errors: -ENAMETOOLONG, -ENOMEM, -ENOSPC.
 */
int log_marks_claim(struct log_marks *m, const char *path,
		    const struct log_settings *settings, uint32_t *slot);

/** log_marks_write() - write a mark; this never needs space */
int log_marks_write(struct log_marks *m, uint32_t slot,
		    const struct log_mark *mark);
/** log_marks_release() - the log is complete: free its slot */
int log_marks_release(struct log_marks *m, uint32_t slot);

/**
 * log_marks_put_text() - write text of an unfinished line
 * @place: 0 or 1; each has room for LOG_TEXT_MAX bytes. @at: offset in the place
 */
int log_marks_put_text(struct log_marks *m, uint32_t slot,
		       enum log_stream stream, unsigned int place, size_t at,
		       const char *p, size_t len);
/** log_marks_get_text() - read the first @len bytes of a place */
int log_marks_get_text(struct log_marks *m, uint32_t slot,
		       enum log_stream stream, unsigned int place, char *p,
		       size_t len);

#endif /* LOG_MARKS_H */
