/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Why something could not be done: one line for people, and the exit code that a
 * program gives it. A function that takes a struct failure returns 0 (or a result
 * that is not negative) if it succeeds; else it returns -1, and the struct is filled.
 * report_failure() prints it.
 */
#ifndef BASE_FAILURE_H
#define BASE_FAILURE_H

#include <stdarg.h>
#include <stddef.h>

/* Documented in Documentation/cli.md and the man pages. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1, /* refused, or it failed */
	EXIT_USAGE = 2,	 /* the command line makes no sense */
	EXIT_NO_SUPERVISOR = 3,
	EXIT_NO_MODULE = 4,
	EXIT_NO_PERMISSION = 5,
	EXIT_EVENTS_GONE = 6, /* some of the events asked for, that is */
	/* engine run: the engine failed, not the container */
	EXIT_ENGINE = 125,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
};

/** struct failure - the text has no newline; one that is too long ends in "..." */
struct failure {
	int code; /* an enum exit_code */
	char text[512];
};

/** failed() - fill @failure; returns -1, so that it can be returned */
int failed(struct failure *failure, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * failed_errno() - the same, for a negative errno
 * Its words are added to the text. The code is %EXIT_NO_PERMISSION for -EACCES and
 * -EPERM, else %EXIT_FAILED.
 */
int failed_errno(struct failure *failure, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** failure_prefix() - put words in front of the text, such as "container \"x\": " */
void failure_prefix(struct failure *failure, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* BASE_FAILURE_H */
