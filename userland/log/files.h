/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All files of one log as one: from the first byte of the oldest to the last of the
 * one that is written now. An offset in it stays what it is while files get other
 * numbers and new ones come.
 */
#ifndef LOG_FILES_H
#define LOG_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct log_files;

/**
 * log_more_fn - called where a reader has come to the end of what is there
 * Returns 1 when there is something at offset @at, 0 when nothing will ever be, or
 * a negative errno.
 */
typedef int (*log_more_fn)(struct log_files *files, off_t at, void *arg);

/** struct log_file - one of them */
struct log_file {
	int fd;
	off_t start;  /* offset of its first byte */
	off_t size;   /* with the newline */
	bool newline; /* one is added, since its last line has none */
};

/** struct log_files - those above the line are for callers to read */
struct log_files {
	size_t n;    /* how many there are */
	bool missed; /* one was removed before its successor was known */
	bool raw;    /* lines have no prefix; see log_files_detect() */
	off_t in_use; /* a reader of a growing log: what is before is not read again */

	struct log_file *files; /* the oldest first */
	size_t room;
	off_t seen; /* the end of what was read */
	int dir;
	char *name;
	log_more_fn more; /* NULL: it does not grow */
	void *more_arg;
};

/**
 * log_files_open() - all files of the log @path, in the order they were written
 * What is appended later is not seen, until log_files_grow() is called. Returns 0,
 * also where there is no file at all, or a negative errno; log_files_close() is
 * allowed in any case.
 */
int log_files_open(struct log_files *f, const char *path);
void log_files_close(struct log_files *f);

/**
 * log_files_detect() - take a log whose first line is in no format for a raw one
 * Without it no log is. In one that is not, no line goes on in the next file.
 */
int log_files_detect(struct log_files *f);
void log_files_set_raw(struct log_files *f, bool raw);

/**
 * log_files_since() - leave out the first files that were begun before @time, in
 * ns since 1970; the last one stays
 */
int log_files_since(struct log_files *f, int64_t time);

/** log_files_end() - the offset behind the last byte */
off_t log_files_end(const struct log_files *f);

/**
 * log_files_read() - some bytes from offset @at on, @len at most, of one file
 * At the end the log is asked for more, where it can grow. Returns how many, 0 at
 * the end, or a negative errno.
 */
ssize_t log_files_read(struct log_files *f, void *buf, size_t len, off_t at);

/** log_files_grow() - see what came: new files, and how long the last one is */
int log_files_grow(struct log_files *f);
/** log_files_has() - whether the byte at offset @at is there */
bool log_files_has(const struct log_files *f, off_t at);
/** log_files_forget() - close the files before in_use */
void log_files_forget(struct log_files *f);

#endif /* LOG_FILES_H */
