/* SPDX-License-Identifier: GPL-2.0 */
/* The standard descriptors of a program. */
#ifndef BASE_STANDARD_H
#define BASE_STANDARD_H

#include "failure.h"

/**
 * standard_hold() - open those of the descriptors 0 to 2 that are closed
 * Otherwise a socket would get the number, and text that is meant for people would go
 * there. They are opened the wrong way round, so that using them fails as it should.
 * Returns 0 or a negative errno.
 */
int standard_hold(void);

/**
 * standard_flush() - write out what was printed to stdout
 * Returns 0, or the negative errno of the first write that failed until now. -EPIPE:
 * its reader has closed it.
 */
int standard_flush(void);

/** standard_finish() - standard_flush(), for the end: -EPIPE is no failure */
int standard_finish(struct failure *failure);

#endif /* BASE_STANDARD_H */
