/* SPDX-License-Identifier: LGPL-2.1 */
/* Times in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NSEC_PER_SEC  1000000000ll
#define NSEC_PER_MSEC 1000000ll

static inline int64_t timespec_ns(const struct timespec *ts)
{
	return ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

/** clock_ns() - read a clock; it must be one that exists */
static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return timespec_ns(&ts);
}

#endif /* BASE_CLOCK_H */
