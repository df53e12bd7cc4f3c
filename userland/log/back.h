/* SPDX-License-Identifier: GPL-2.0 */
/* Going through a log from its end, in a fixed amount of memory. */
#ifndef LOG_BACK_H
#define LOG_BACK_H

#include "files.h"
#include "format.h"

/** struct log_back - fields above the line are for callers to read */
struct log_back {
	off_t line; /* where the line begins */
	bool well_formed;
	struct log_head head;		 /* where it is well-formed */
	char prefix[LOG_PREFIX_LONGEST]; /* the line begins so */

	struct log_files *files;
	off_t from; /* of buf[0] */
	size_t len;
	char buf[65536];
};

/** log_back_init() - before the line that ends at offset @end */
void log_back_init(struct log_back *b, struct log_files *files, off_t end);

/** log_back_next() - the line before; returns 1, 0 at the start, or an errno */
int log_back_next(struct log_back *b);

#endif /* LOG_BACK_H */
