/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names of a log's files while somebody renames them. "web.log" is written
 * now, "web.log.1" was before it, "web.log.2" before that, with gaps where one is
 * missing. A file's number only grows, and files never overtake each other:
 * finding the one that follows another relies on that alone.
 */
#ifndef LOG_NUMBERS_H
#define LOG_NUMBERS_H

#include <sys/stat.h>

/**
 * log_number_oldest() - open the file with the highest number
 * @dir: the folder; @name: that of the log
 * @after: leave out what was last written before that file, and the file; or NULL
 * Returns a descriptor or a negative errno, -ENOENT where there is none.
 */
int log_number_oldest(int dir, const char *name, const struct stat *after);

/**
 * log_number_next() - open the file that follows the one open as @fd
 * Returns a descriptor or a negative errno: -EAGAIN where none follows yet,
 * -ESTALE where @fd has no number any more.
 */
int log_number_next(int dir, const char *name, int fd);

#endif /* LOG_NUMBERS_H */
