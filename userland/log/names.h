/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names of a log's files: making them, changing them, and finding a file by them.
 *
 * web.log is being written, web.log.1 was written before it, web.log.2 before that. A
 * file gets the next number when the log is rotated for its size, and when another
 * container starts under the same id. If a crash in the middle of that, or an
 * administrator, leaves a gap in the numbers, then the next rotation fills it.
 *
 * So the number of a file only grows, and no file overtakes another one.
 * logfile_next() and logfile_oldest() rely on nothing else: they may be called while
 * another process rotates the log.
 *
 * The last file of a container is marked when the next container takes the log: its owner
 * may not write to it any more (mode 0440). A mode belongs to the file, not to its name,
 * and all file systems keep it; a clock may be set back.
 *
 * All functions return 0 (or what they say) or a negative errno.
 */
#ifndef LOG_NAMES_H
#define LOG_NAMES_H

#include <stdbool.h>
#include <sys/stat.h>

/* For the process that writes the log */

/**
 * logfile_open() - open a log file for appending, create it with mode 0640
 * @flags: of open(2), in addition. Returns a descriptor.
 */
int logfile_open(const char *path, int flags);

/**
 * logfile_rotate() - give the file at @path the next number, and make a new one
 * @max_files: how many files are kept, including the new one
 * The new file is made first, under a temporary name: if there is no space for it,
 * nothing changes. A process that is killed in between leaves the log under one of its
 * names, and at most an empty temporary file. Returns a descriptor of the new file.
 */
int logfile_rotate(const char *path, unsigned int max_files);

/**
 * logfile_shift() - rename @path to .1, .1 to .2 and so on, up to the first free number
 * If no number is free, the oldest file is removed. -ENOENT: there is no @path, and
 * nothing was renamed.
 */
int logfile_shift(const char *path);

/**
 * logfile_trim() - remove old files
 * @max_files: how many are kept, including @path
 * @gaps: look at all numbers. Otherwise this leaves files behind a gap of two numbers or
 * more, and takes no longer than there are files.
 */
int logfile_trim(const char *path, unsigned int max_files, bool gaps);

/**
 * logfile_claim() - make @path free for a container
 * A file that is there is marked as the last one of its container; @had_old: set to true
 */
int logfile_claim(const char *path, bool *had_old);
/** logfile_undo() - after a claim: remove the new file, give the others their old names */
int logfile_undo(const char *path, bool had_old);

/* For a process that reads it; @dir is an open folder, @name a name in it */

/** logfile_is_last() - whether a file is marked as the last one of its container */
static inline bool logfile_is_last(const struct stat *st)
{
	return S_ISREG(st->st_mode) && !(st->st_mode & S_IWUSR);
}

/**
 * logfile_newest() - open the file that is written now, if it is the first of its container
 * @marked: whether the file before it is there, and has the mark of a last one
 * Returns a descriptor. -EAGAIN: it is not the first one, or that would take a search.
 */
int logfile_newest(int dir, const char *name, bool *marked);

/** logfile_oldest() - open the file with the highest number; -ENOENT: there is none */
int logfile_oldest(int dir, const char *name);

/**
 * logfile_next() - open the file that follows the one that is open as @fd
 * Returns a descriptor. -EAGAIN: none follows yet; -ESTALE: @fd has no number any more.
 */
int logfile_next(int dir, const char *name, int fd);

#endif /* LOG_NAMES_H */
