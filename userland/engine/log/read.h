/* SPDX-License-Identifier: GPL-2.0 */
/* Reading a log file back: plain text out of the format of format.h. */
#ifndef ENGINE_LOG_READ_H
#define ENGINE_LOG_READ_H

#include <stdio.h>

/**
 * log_read_print() - print the text of all lines of a log file
 * @fd: open for reading, able to seek; its position does not matter
 * The parts of a line are joined: the whole line appears where its first part
 * stands, also where the other stream has written between its parts. A line that
 * is not in the format is printed as it is. What is appended after the call is
 * not printed. Any length of line takes the same amount of memory, and the file
 * is read at most three times.
 * Returns 0 or a negative errno, of reading or of writing to @out (-EPIPE).
 */
int log_read_print(int fd, FILE *out);

#endif /* ENGINE_LOG_READ_H */
