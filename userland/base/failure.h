/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The one type of errors: a line of text for people, and the exit status for a program
 * that ends with this error. A function that takes a struct failure returns 0 (or a
 * result that is not negative) if it succeeds. Otherwise it fills the struct and returns
 * -1. report_failure() prints it.
 */
#ifndef BASE_FAILURE_H
#define BASE_FAILURE_H

#include <stdarg.h>
#include <stddef.h>

/* Exit statuses; Documentation/cli.md and the man pages have them too. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1, /* the operation was refused, or it failed */
	EXIT_USAGE = 2,	 /* the command line is wrong */
	EXIT_NO_SUPERVISOR = 3,
	EXIT_NO_MODULE = 4,
	EXIT_NO_PERMISSION = 5,
	EXIT_EVENTS_GONE = 6, /* the kernel has dropped some of the events */
	/* engine run: the engine failed, not the container */
	EXIT_ENGINE = 125,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
};

/** struct failure - why something failed; a text that was cut ends in "..." */
struct failure {
	int code;	/* an enum exit_code */
	char text[512]; /* without a newline */
};

/** failed() - fill @failure; returns -1, for the caller to return */
int failed(struct failure *failure, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * failed_errno() - fill @failure for the negative errno @err; returns -1
 * Adds the description of the errno to the text. The code becomes %EXIT_NO_PERMISSION
 * for -EACCES and -EPERM, else %EXIT_FAILED.
 */
int failed_errno(struct failure *failure, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** failed_if() - failed_errno() if @err is not 0, else 0 */
#define failed_if(failure, err, ...) \
	((err) ? failed_errno(failure, err, __VA_ARGS__) : 0)

/** failure_prefix() - put text in front, such as "container \"x\": " */
void failure_prefix(struct failure *failure, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* BASE_FAILURE_H */
