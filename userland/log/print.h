/* SPDX-License-Identifier: GPL-2.0 */
/* Printing a log: turning the lines of format.h into plain text again. */
#ifndef LOG_PRINT_H
#define LOG_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "files.h"
#include "select.h"

/** struct log_print - which lines to print, and how; all zero: every line, text only */
struct log_print {
	struct log_select select;
	bool timestamps; /* put the time of its first part before each line */
	FILE *err; /* unbuffered; lines of stderr go there. NULL: to the same file */
};

/**
 * log_print() - print the text of the wanted lines to @out
 * The parts of a line are joined: the whole line is printed where its first part stands,
 * even if the other stream has written between its parts, or if it goes on in the next
 * file. A line without a prefix is printed as it is. Lines of any length take the same
 * memory, and each file is read at most four times.
 * If @files grow (log_follow_begin()), this returns when they do not any more; it does not
 * flush @out meanwhile.
 * Returns 0 or a negative errno of reading, or of writing to @out (-EPIPE).
 */
int log_print(struct log_files *files, const struct log_print *print,
	      FILE *out);

#endif /* LOG_PRINT_H */
