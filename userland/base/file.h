/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Opening files, and short files of text such as those of /proc and of cgroups. A path
 * is taken from an open folder, or from AT_FDCWD.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/** file_open() - open a file with @flags and O_CLOEXEC; a descriptor or a negative errno */
int file_open(int folder, const char *path, int flags);

/**
 * file_stream() - make a stream to read the result of file_open(), which belongs to it then
 * Returns NULL with errno set if that is an error, or if there is no memory.
 */
FILE *file_stream(int fd);

/**
 * file_read() - read a whole file of text, without the newline at its end
 * Returns its length or a negative errno; -E2BIG: it does not fit in @text with a NUL.
 */
ssize_t file_read(int folder, const char *path, char *text, size_t room);

/** file_write() - write @text to a file that exists; returns 0 or a negative errno */
int file_write(int folder, const char *path, const char *text);

/** file_write_all() - write all of it, in as many pieces as that takes; 0 or -errno */
int file_write_all(int fd, const char *text, size_t len);

#endif /* BASE_FILE_H */
