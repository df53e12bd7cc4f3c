/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lines of the log benchmark: 99 bytes and a newline. All lines differ, so that a
 * log file can be compared byte by byte with what was written.
 */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 100

/* The position and length of a line's number. */
#define LINE_NUMBER_AT	   10
#define LINE_NUMBER_DIGITS 12

/** line_set() - set the number of a line */
static inline void line_set(char *line, uint64_t number)
{
	char *digit = line + LINE_NUMBER_AT + LINE_NUMBER_DIGITS;

	for (int i = 0; i < LINE_NUMBER_DIGITS; i++) {
		*--digit = '0' + number % 10;
		number /= 10;
	}
}

/** line_next() - increment the number of a line */
static inline void line_next(char *line)
{
	char *digit = line + LINE_NUMBER_AT + LINE_NUMBER_DIGITS;

	while (*--digit == '9')
		*digit = '0';
	++*digit;
}

/** line_make() - make line number 0 of @writer */
static inline void line_make(char *line, unsigned int writer)
{
	char head[32];
	int len = snprintf(head, sizeof(head), "writer %02u ", writer % 100);

	for (int i = 0; i < LINE_BYTES - 1; i++)
		line[i] = i % 9 == 8 ? ' ' : 'a' + i % 26;
	memcpy(line, head, len);
	line_set(line, 0);
	line[LINE_NUMBER_AT + LINE_NUMBER_DIGITS] = ' ';
	line[LINE_BYTES - 1] = '\n';
}

#endif /* BENCH_LINES_H */
