/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's log file and its predecessors, as names in the log directory:
 * <id>.log is written, <id>.log.1 came before it, <id>.log.2 before that. A file
 * gets the next number when the log is rotated for its size, and when another
 * container starts under the id.
 *
 * A gap in the numbers, which a crash in the middle or an administrator has
 * left, is filled by the next rotation. All functions return 0 or a negative
 * errno.
 */
#ifndef LOG_NAMES_H
#define LOG_NAMES_H

#include <stdbool.h>

/**
 * logfile_shift() - make @path free: it becomes .1, .1 becomes .2 and so on, up
 * to the first number that is free
 * -ENOENT: there is no @path, and nothing was renamed.
 */
int logfile_shift(const char *path);

/**
 * logfile_trim() - remove what is too old
 * @max_files: how many may stay, @path itself among them
 */
int logfile_trim(const char *path, unsigned int max_files);

/** logfile_claim() - make @path free; @had_old: there was an earlier log */
int logfile_claim(const char *path, bool *had_old);
/** logfile_undo() - after a claim: remove the new log, shift the others back */
int logfile_undo(const char *path, bool had_old);

#endif /* LOG_NAMES_H */
