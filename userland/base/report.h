/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The one place that prints errors: "PROGRAM: what failed: why",
 * one line on stderr.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include "failure.h"

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
