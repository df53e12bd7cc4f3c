/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The one place that prints errors: "PROGRAM: what failed: why", one line on
 * stderr, and the exit codes that all of Purser's programs share.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

/* Documented in Documentation/cli.md and the man pages. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1, /* refused, or it failed */
	EXIT_USAGE = 2,	 /* the command line makes no sense */
	EXIT_NO_SUPERVISOR = 3,
	EXIT_NO_MODULE = 4,
	EXIT_NO_PERMISSION = 5,
	EXIT_EVENTS_GONE = 6, /* some of the events asked for, that is */
	EXIT_ENGINE =
		125, /* engine run: the engine failed, not the container */
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
};

/** report_program() - the name that starts each line; not copied */
void report_program(const char *name);

/**
 * report() - print one line
 * @err: negative errno whose text is added, or 0 for none
 * Control characters in the text are printed as \xNN, so that a name that came
 * from elsewhere can neither break the line nor the terminal.
 */
void report(int err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* BASE_REPORT_H */
