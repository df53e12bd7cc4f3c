/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The one place that prints messages, each on one line of stderr: as text,
 * "PROGRAM: what failed: why", or as a JSON object with the keys time, level, program
 * and message. A program may add a file that gets them too.
 *
 * Control characters in a message are printed as \xNN, so that a name that came from
 * elsewhere can break neither the line nor the terminal.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include "failure.h"

enum report_format {
	REPORT_TEXT,
	REPORT_JSON,
};

/** report_program() - the name that each message has; not copied */
void report_program(const char *name);
/** report_format() - how messages are printed from now on; text is the default */
void report_format(enum report_format format);

/**
 * report_log() - from now on, also append each message to the file @fd
 * With %REPORT_JSON the file gets what container engines read from the log of an OCI
 * runtime: objects with the keys level, msg and time.
 */
void report_log(int fd, enum report_format format);

/**
 * report_never_wait() - from now on, no message waits for a reader of stderr
 * For a program that must go on working if its stderr is a full pipe or a stopped terminal.
 * A message that cannot be written is dropped and counted. Of one that was written in part,
 * the rest comes before the next message; if the rest is longer than 32 KiB, it is cut, and
 * the message is counted. The number is printed before the next message that can be written,
 * or by report_catch_up(). The number of messages that failed with an error, for example on
 * a full disk, is always printed so.
 */
void report_never_wait(void);

/** report_catch_up() - print how many messages were dropped, if that is possible now */
void report_catch_up(void);

/**
 * report() - print an error
 * @err: negative errno whose text is added, or 0 for none
 */
#define report(err, ...) report_at("error", err, __VA_ARGS__)

/*
 * Print a warning: the work goes on without what failed. It is an error if a request
 * fails, if output is lost, or if the program ends.
 */
#define report_warning(...)	       report_at("warning", 0, __VA_ARGS__)
#define report_warning_errno(err, ...) report_at("warning", err, __VA_ARGS__)

/* News that are neither an error nor a warning. */
#define report_info(...) report_at("info", 0, __VA_ARGS__)

/** report_failure() - print why something failed, as an error */
void report_failure(const struct failure *failure);

void report_at(const char *level, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* BASE_REPORT_H */
