/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The one place that prints messages, each on one line of stderr: as text,
 * "PROGRAM: what failed: why", or as a JSON object with the keys time, level, program
 * and message.
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
 * report() - print an error
 * @err: negative errno whose text is added, or 0 for none
 */
void report(int err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** report_warning() - print a warning: what was asked for is done all the same */
void report_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** report_info() - print news that are neither an error nor a warning */
void report_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** report_failure() - print why something failed, as an error */
void report_failure(const struct failure *failure);

#endif /* BASE_REPORT_H */
