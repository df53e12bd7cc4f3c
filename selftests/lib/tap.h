/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TAP for unit tests in C. A test is a main() that makes its points with ok(),
 * is_int(), is_str() or skip(), in one thread, and returns tap_end().
 */
#ifndef SELFTESTS_TAP_H
#define SELFTESTS_TAP_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	int count;
	int failed;
	int skipped;
	int planned;
} tap;

static inline void tap_begin(void)
{
	/* Line buffered: lines are not lost if the test dies. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
}

/** plan() - announce @n points; without it, tap_end() prints how many there were */
static inline void __attribute__((unused)) plan(int n)
{
	if (!tap.count && !tap.planned)
		tap_begin();
	tap.planned = n;
	printf("1..%d\n", n);
}

static inline bool __attribute__((format(printf, 4, 0)))
tap_point(bool good, const char *file, int line, const char *fmt, va_list ap)
{
	if (!tap.count && !tap.planned)
		tap_begin();
	printf("%sok %d ", good ? "" : "not ", ++tap.count);
	vprintf(fmt, ap);
	putchar('\n');
	if (!good) {
		tap.failed++;
		printf("# at %s:%d\n", file, line);
	}
	return good;
}

static inline bool __attribute__((unused, format(printf, 4, 5)))
tap_ok(bool good, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_point(good, file, line, fmt, ap);
	va_end(ap);
	return good;
}

static inline bool __attribute__((unused, format(printf, 5, 6)))
tap_is_int(intmax_t got, intmax_t want, const char *file, int line,
	   const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!tap_point(got == want, file, line, fmt, ap))
		printf("# got %jd, want %jd\n", got, want);
	va_end(ap);
	return got == want;
}

static inline bool __attribute__((unused, format(printf, 5, 6)))
tap_is_str(const char *got, const char *want, const char *file, int line,
	   const char *fmt, ...)
{
	bool good = got && want ? !strcmp(got, want) : got == want;
	va_list ap;

	va_start(ap, fmt);
	if (!tap_point(good, file, line, fmt, ap))
		printf("# got \"%s\", want \"%s\"\n", got ? got : "(null)",
		       want ? want : "(null)");
	va_end(ap);
	return good;
}

/* The last arguments are the name of the point: a printf() format and its values. */
#define ok(good, ...) tap_ok(good, __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, ...) \
	tap_is_int(got, want, __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, want, ...) \
	tap_is_str(got, want, __FILE__, __LINE__, __VA_ARGS__)

/** skip() - report a point that cannot be checked here, with the reason */
static inline void __attribute__((unused))
skip(const char *name, const char *reason)
{
	if (!tap.count && !tap.planned)
		tap_begin();
	printf("ok %d %s # SKIP %s\n", ++tap.count, name, reason);
	tap.skipped++;
}

/** bail() - end the test as failed, since the other points cannot be checked */
static inline void __attribute__((unused, noreturn, format(printf, 1, 2)))
bail(const char *fmt, ...)
{
	va_list ap;

	printf("Bail out! ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	exit(1);
}

/** tap_end() - the exit status for main() to return: 0, 1 or 4 */
static inline int tap_end(void)
{
	if (!tap.planned)
		printf("1..%d\n", tap.count);
	if (tap.failed || (tap.planned && tap.planned != tap.count))
		return 1;
	return tap.count > tap.skipped ? 0 : 4;
}

#endif /* SELFTESTS_TAP_H */
