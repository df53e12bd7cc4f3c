/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The line format of log files, as the Kubernetes container runtime interface
 * has it:
 *
 *	2026-01-31T12:00:00.000000000Z stdout F text
 *
 * Time (RFC 3339 in UTC, nine decimals), stream, F for a line or the last part
 * of one, P for a part that others follow. The text is any bytes but a newline.
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

/* Longest text of a line or part, in bytes. */
#define LOG_TEXT_MAX 16384

/* What stands in front of the text is always that long. */
#define LOG_PREFIX_LEN 40

/* No prefix that log_format_parse() accepts is longer. */
#define LOG_PREFIX_LONGEST 128

/** struct log_prefix - both prefixes for one stream and time, not terminated */
struct log_prefix {
	char full[LOG_PREFIX_LEN];
	char partial[LOG_PREFIX_LEN];
};

/** log_format_prefix() - @time: CLOCK_REALTIME in ns, not negative */
void log_format_prefix(struct log_prefix *p, int64_t time,
		       enum log_stream stream);

/** log_stream_parse() - "stdout" or "stderr"; 0 or -EINVAL */
int log_stream_parse(const char *name, enum log_stream *stream);

/** struct log_head - what a prefix says */
struct log_head {
	enum log_stream stream;
	bool partial;
	size_t time_len; /* the line begins with its time */
};

/**
 * log_format_parse() - read the prefix of a line
 * @s: the beginning of the line: LOG_PREFIX_LONGEST bytes or all of it
 * Accepts other offsets from UTC and other numbers of decimals too. Returns the
 * length of the prefix, where the text begins, or 0 where it is none.
 */
size_t log_format_parse(const char *s, size_t len, struct log_head *head);

#endif /* LOG_FORMAT_H */
