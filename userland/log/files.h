/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All files of one log as one stream of bytes: from the first byte of the oldest file to
 * the last byte of the one that is being written. The offset of a byte in that stream
 * stays the same while files get other numbers and new ones come.
 */
#ifndef LOG_FILES_H
#define LOG_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct log_files;

/**
 * log_more_fn - called when a reader has come to the end of the log
 * Returns 1 if there is now a byte at offset @at, 0 if there will never be one, or a
 * negative errno.
 */
typedef int (*log_more_fn)(struct log_files *files, off_t at, void *arg);

/* How many bytes of a file are remembered, to find out whether somebody has cut it. */
#define LOG_TRACE_BYTES 64

/** struct log_trace - bytes of a file that were read, at offset @at in the file */
struct log_trace {
	off_t at;
	size_t len;
	char bytes[LOG_TRACE_BYTES];
};

/** struct log_file - one of the files */
struct log_file {
	int fd;
	off_t start;  /* offset of its first byte */
	off_t size;   /* including the newline below */
	bool newline; /* one is added, because its last line has none */
	bool first; /* the first one of a container, after one of another container */
	struct log_trace head; /* its first bytes */
	struct log_trace tail; /* the last bytes that were read */
};

/** struct log_files - callers may read the fields above the empty line */
struct log_files {
	size_t n;    /* how many files there are */
	bool missed; /* a file was removed before its successor was found */
	bool cut; /* somebody has cut the last file: it is read from its start again */
	bool raw;     /* lines have no prefix, see log_files_detect() */
	off_t in_use; /* set by a reader: it needs no byte before this */

	struct log_file *files; /* the oldest first */
	size_t room;
	off_t seen; /* the end of the bytes that were read */
	int dir;
	char *name;
	log_more_fn more; /* NULL: the log does not grow */
	void *more_arg;
};

/**
 * log_files_open() - open all files of the log @path, in the order they were written
 * Bytes that are appended later are not seen until log_files_grow() is called. Returns 0,
 * even if there is no file, or a negative errno. log_files_close() may be called in any
 * case.
 */
int log_files_open(struct log_files *f, const char *path);
/**
 * log_files_open_last() - the same, without the files of all containers but the last one
 * If that has written no more than one file, this does not search for older ones.
 */
int log_files_open_last(struct log_files *f, const char *path);
void log_files_close(struct log_files *f);

/**
 * log_files_detect() - treat the log as raw if its first line has no prefix
 * A log is not raw unless this or log_files_set_raw() says so. If it is not, a line ends
 * with its file.
 */
int log_files_detect(struct log_files *f);
void log_files_set_raw(struct log_files *f, bool raw);

/** log_files_last() - leave out the files of all containers but the last one */
void log_files_last(struct log_files *f);

/** log_files_same() - whether the bytes at two offsets, @a <= @b, are of one container */
bool log_files_same(const struct log_files *f, off_t a, off_t b);

/** log_files_end() - the offset behind the last byte */
off_t log_files_end(const struct log_files *f);

/**
 * log_files_read() - read at most @len bytes at offset @at, all from one file
 * At the end of a log that grows this calls @more. Returns the number of bytes, 0 at the
 * end, or a negative errno: -ESTALE (a file has become shorter).
 */
ssize_t log_files_read(struct log_files *f, void *buf, size_t len, off_t at);

/**
 * log_files_grow() - look for new files, and at the length of the last one
 * If somebody has cut the last file, and other bytes were written to it since, it is read
 * from its start again, as if it were the next file.
 */
int log_files_grow(struct log_files *f);
/** log_files_forget() - close the files before in_use */
void log_files_forget(struct log_files *f);

#endif /* LOG_FILES_H */
