/* SPDX-License-Identifier: GPL-2.0 */
/* A log file's place in its folder: opening it, and making place for the next. */
#ifndef LOG_ROTATE_H
#define LOG_ROTATE_H

/**
 * log_open_file() - open a log file for appending, create it with 0640
 * @flags: further ones of open(2). Returns a descriptor or a negative errno.
 */
int log_open_file(const char *path, int flags);

/**
 * log_rotate() - give the file at @path the next name, make a new one
 * @max_files: how many are kept, the new one among them
 * The new file is made first: where there is no room for one nothing changes.
 * A process that is killed in between leaves the log under one of its names, and
 * no more than an empty draft beside it. Returns a descriptor of the new file, or
 * a negative errno.
 */
int log_rotate(const char *path, unsigned int max_files);

#endif /* LOG_ROTATE_H */
