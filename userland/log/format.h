/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The line format of log files, which is that of the Kubernetes container runtime
 * interface (CRI):
 *
 *	2026-01-31T12:00:00.000000000Z stdout F text
 *
 * First the prefix: the time (RFC 3339 in UTC, nine decimals), the stream, and F for a
 * whole line or the last part of one, P for a part that other parts follow. If none
 * follows, the container has written no newline. Then the text: any bytes but a newline.
 */
#ifndef LOG_FORMAT_H
#define LOG_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_stream {
	LOG_STDOUT,
	LOG_STDERR,
	LOG_N_STREAMS,
};

/* The longest text of a line or part, in bytes. */
#define LOG_TEXT_MAX 16384

/* Every prefix that log_format_prefix() makes has this length. */
#define LOG_PREFIX_LEN 40

/* The longest prefix that log_format_parse() accepts. */
#define LOG_PREFIX_LONGEST 128

/** struct log_prefix - both prefixes for one stream and time, without a NUL */
struct log_prefix {
	char full[LOG_PREFIX_LEN];
	char partial[LOG_PREFIX_LEN];
};

/** log_format_prefix() - make both; @time: CLOCK_REALTIME in ns, not negative */
void log_format_prefix(struct log_prefix *p, int64_t time,
		       enum log_stream stream);

/** struct log_head - the content of a prefix */
struct log_head {
	enum log_stream stream;
	bool partial;
	size_t time_len; /* the first bytes of the line are its time */
};

/**
 * log_format_parse() - read the prefix of a line
 * @s: the beginning of the line: LOG_PREFIX_LONGEST bytes, or the whole line
 * It also accepts other offsets from UTC and other numbers of decimals. Returns the
 * length of the prefix, or 0 if the line has none.
 */
size_t log_format_parse(const char *s, size_t len, struct log_head *head);

#endif /* LOG_FORMAT_H */
