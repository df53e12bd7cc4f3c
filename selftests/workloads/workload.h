/* SPDX-License-Identifier: GPL-2.0 */
/* Functions of the workloads: arguments, sleeping, output that appears at once. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline void __attribute__((noreturn)) bad_usage(const char *usage)
{
	fprintf(stderr, "usage: %s\n", usage);
	exit(2);
}

/** fail() - print the text and strerror(errno), and exit with status 1 */
static inline void __attribute__((noreturn, format(printf, 1, 2)))
fail(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(err));
	exit(1);
}

/** number() - parse @s as a decimal number in [min, max]; exit if it is none */
static inline unsigned long number(const char *usage, const char *what,
				   const char *s, unsigned long min,
				   unsigned long max)
{
	unsigned long n;

	if (!*s || s[strspn(s, "0123456789")]) {
		fprintf(stderr, "%s is not a number: '%s'\n", what, s);
		bad_usage(usage);
	}
	errno = 0;
	n = strtoul(s, NULL, 10);
	if (errno || n < min || n > max) {
		fprintf(stderr, "%s is not within %lu to %lu: '%s'\n", what,
			min, max, s);
		bad_usage(usage);
	}
	return n;
}

/** say() - print and flush; exit with status 1 if that fails */
static inline void __attribute__((format(printf, 1, 2)))
say(const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = vprintf(fmt, ap);
	va_end(ap);
	if (ret < 0 || fflush(stdout))
		fail("cannot write to standard output");
}

static inline void sleep_for(unsigned long ms)
{
	struct timespec left = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

#endif /* WORKLOAD_H */
