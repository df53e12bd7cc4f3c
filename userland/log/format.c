// SPDX-License-Identifier: GPL-2.0
#include "format.h"

#include <string.h>
#include "base/clock.h"

static const char *const stream_names[LOG_N_STREAMS] = { "stdout", "stderr" };

/* Write @value into the @width characters at @p, with leading zeros. */
static void put_digits(char *p, int width, unsigned int value)
{
	while (width--) {
		p[width] = '0' + value % 10;
		value /= 10;
	}
}

void log_format_prefix(struct log_prefix *p, int64_t time,
		       enum log_stream stream)
{
	static const char shape[LOG_PREFIX_LEN + 1] =
		"0000-00-00T00:00:00.000000000Z ------ F ";
	time_t seconds = time / NSEC_PER_SEC;
	char *s = p->full;
	struct tm tm;

	/* The year has four digits: 64 bits of nanoseconds end in 2262. */
	gmtime_r(&seconds, &tm);
	memcpy(s, shape, LOG_PREFIX_LEN);
	put_digits(s, 4, tm.tm_year + 1900);
	put_digits(s + 5, 2, tm.tm_mon + 1);
	put_digits(s + 8, 2, tm.tm_mday);
	put_digits(s + 11, 2, tm.tm_hour);
	put_digits(s + 14, 2, tm.tm_min);
	put_digits(s + 17, 2, tm.tm_sec);
	put_digits(s + 20, 9, time % NSEC_PER_SEC);
	memcpy(s + 31, stream_names[stream], 6);

	memcpy(p->partial, s, LOG_PREFIX_LEN);
	p->partial[38] = 'P';
}

/* A 0 in @shape matches any digit. Returns the length of @shape, or 0: no match. */
static size_t match(const char *s, size_t len, const char *shape)
{
	size_t n = strlen(shape);

	if (len < n)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (shape[i] == '0' ? s[i] < '0' || s[i] > '9' :
				      s[i] != shape[i])
			return 0;
	}
	return n;
}

static size_t parse_time(const char *s, size_t len)
{
	size_t n = match(s, len, "0000-00-00T00:00:00");
	size_t zone;

	if (!n)
		return 0;
	if (match(s + n, len - n, ".0")) {
		n += 2;
		while (match(s + n, len - n, "0"))
			n++;
	}
	zone = match(s + n, len - n, "Z");
	if (!zone)
		zone = match(s + n, len - n, "+00:00");
	if (!zone)
		zone = match(s + n, len - n, "-00:00");
	return zone ? n + zone : 0;
}

size_t log_format_parse(const char *s, size_t len, struct log_head *head)
{
	size_t n, name;
	const char *end;

	if (len > LOG_PREFIX_LONGEST)
		len = LOG_PREFIX_LONGEST;
	n = parse_time(s, len);
	head->time_len = n;
	if (!n || n >= len || s[n++] != ' ')
		return 0;
	for (head->stream = 0; head->stream < LOG_N_STREAMS; head->stream++) {
		name = match(s + n, len - n, stream_names[head->stream]);
		if (name)
			break;
	}
	if (head->stream == LOG_N_STREAMS)
		return 0;
	n += name;
	if (len - n < 3 || s[n++] != ' ' || (s[n] != 'F' && s[n] != 'P'))
		return 0;
	head->partial = s[n++] == 'P';

	/* Further tags may follow after a colon. */
	if (s[n] != ' ' && s[n] != ':')
		return 0;
	end = memchr(s + n, ' ', len - n);
	if (!end || memchr(s + n, '\n', end - (s + n)))
		return 0;
	return end + 1 - s;
}
