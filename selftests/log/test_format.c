// SPDX-License-Identifier: GPL-2.0
/* Making and parsing the prefix of a line in a log file. */
#include "log/format.h"
#include "log_test.h"

#define NSEC 1000000000LL

static void check_prefix(int64_t time, enum log_stream stream, const char *full,
			 const char *partial)
{
	struct log_prefix p;

	log_format_prefix(&p, time, stream);
	ok(strlen(full) == LOG_PREFIX_LEN &&
		   !memcmp(p.full, full, LOG_PREFIX_LEN),
	   "whole line at %" PRId64, time);
	ok(!memcmp(p.partial, partial, LOG_PREFIX_LEN),
	   "part of a line at %" PRId64, time);
}

static void test_prefix(void)
{
	check_prefix(0, LOG_STDOUT, "1970-01-01T00:00:00.000000000Z stdout F ",
		     "1970-01-01T00:00:00.000000000Z stdout P ");
	check_prefix(1709210096 * NSEC + 7, LOG_STDERR,
		     "2024-02-29T12:34:56.000000007Z stderr F ",
		     "2024-02-29T12:34:56.000000007Z stderr P ");
	check_prefix(INT64_MAX, LOG_STDOUT,
		     "2262-04-11T23:47:16.854775807Z stdout F ",
		     "2262-04-11T23:47:16.854775807Z stdout P ");
}

static void accepts(const char *line, size_t prefix, enum log_stream stream,
		    bool partial)
{
	struct log_head head;

	ok(log_format_parse(line, strlen(line), &head) == prefix &&
		   head.stream == stream && head.partial == partial,
	   "accepted: %.*s", (int)strcspn(line, "\n"), line);
}

static void refuses(const char *line)
{
	struct log_head head;

	ok(!log_format_parse(line, strlen(line), &head), "refused: %.*s",
	   (int)strcspn(line, "\n"), line);
}

static void test_parse(void)
{
	char tags[200];

	accepts("2026-01-31T12:00:00.000000000Z stdout F text\n", 40,
		LOG_STDOUT, false);
	accepts("2026-01-31T12:00:00.000000000Z stderr P text", 40, LOG_STDERR,
		true);
	accepts("2026-01-31T12:00:00.000000000Z stdout F ", 40, LOG_STDOUT,
		false);
	accepts("2026-01-31T12:00:00.000000000Z stdout F \n", 40, LOG_STDOUT,
		false);
	accepts("2026-01-31T12:00:00Z stdout F text", 30, LOG_STDOUT, false);
	accepts("2026-01-31T12:00:00.5+02:00 stderr F text", 37, LOG_STDERR,
		false);
	accepts("2026-01-31T12:00:00.123456-05:30 stderr F text", 42,
		LOG_STDERR, false);
	accepts("2026-01-31T12:00:00.000000000Z stdout P:other text", 46,
		LOG_STDOUT, true);

	refuses("");
	refuses("\n");
	refuses("a plain line\n");
	refuses("2026-01-31T12:00:00.000000000Z");
	refuses("2026-01-31T12:00:00.000000000Z ");
	refuses("2026-01-31T12:00:00.000000000Z stdout");
	refuses("2026-01-31T12:00:00.000000000Z stdout F");
	refuses("2026-01-31T12:00:00.000000000Z stdout F\nnext line");
	refuses("2026-01-31T12:00:00.000000000Z stdout F:a\nnext line");
	refuses("2026-01-31T12:00:00.000000000Z stdout X text\n");
	refuses("2026-01-31T12:00:00.000000000Z stdout FP text\n");
	refuses("2026-01-31T12:00:00.000000000Z stdin F text\n");
	refuses("2026-01-31T12:00:00.000000000 stdout F text\n");
	refuses("2026-01-31T12:00:00.Z stdout F text\n");
	refuses("2026-01-31 12:00:00.000000000Z stdout F text\n");
	refuses("026-01-31T12:00:00.000000000Z stdout F text\n");
	refuses(" 2026-01-31T12:00:00.000000000Z stdout F text\n");

	snprintf(tags, sizeof(tags), "2026-01-31T12:00:00Z stdout F:%0*d text",
		 LOG_PREFIX_LONGEST, 0);
	refuses(tags);
}

int main(void)
{
	plan(32);
	test_prefix();
	test_parse();
	return tap_end();
}
