/* SPDX-License-Identifier: GPL-2.0 */
/* Reading a log back: plain text out of the format of format.h. */
#ifndef LOG_READ_H
#define LOG_READ_H

#include <stdbool.h>
#include <stdio.h>

#include "files.h"
#include "select.h"

/** struct log_print - what of a log to print, and how; zeroed: all of its text */
struct log_print {
	struct log_select select;
	bool timestamps; /* the time of its first part in front of each line */
};

/**
 * log_read_print() - print the text of a log's lines
 * The parts of a line are joined: the whole line appears where its first part
 * stands, also where the other stream has written between its parts, and where it
 * goes on in the next file. A line that is not in the format is printed as it is.
 * Any length of line takes the same amount of memory, and a file is read at most
 * four times.
 * A log that grows is followed until it says that it does not any more; @out is
 * not flushed meanwhile.
 * Returns 0 or a negative errno, of reading or of writing to @out (-EPIPE).
 */
int log_read_print(struct log_files *files, const struct log_print *print,
		   FILE *out);

#endif /* LOG_READ_H */
