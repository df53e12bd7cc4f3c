/* SPDX-License-Identifier: GPL-2.0 */
/* Reading a log backwards, line by line, in a fixed amount of memory. */
#ifndef LOG_BACKWARD_H
#define LOG_BACKWARD_H

#include "files.h"
#include "format.h"

/** struct log_backward - callers may read the fields above the empty line */
struct log_backward {
	off_t line;			 /* where the line begins */
	bool well_formed;		 /* it has a prefix */
	struct log_head head;		 /* if it is well-formed */
	char prefix[LOG_PREFIX_LONGEST]; /* its first bytes */

	struct log_files *files;
	off_t from; /* offset of buf[0] */
	size_t len; /* how many bytes are in buf */
	char buf[65536];
};

/** log_backward_init() - start at offset @end, where a line ends */
void log_backward_init(struct log_backward *b, struct log_files *files,
		       off_t end);

/** log_backward_next() - go to the line before; 1, 0 at the start, or a negative errno */
int log_backward_next(struct log_backward *b);

#endif /* LOG_BACKWARD_H */
