// SPDX-License-Identifier: GPL-2.0
#include "scan.h"

#include <string.h>

void log_scan_init(struct log_scan *s, struct log_files *files, off_t from)
{
	s->files = files;
	s->pos = from;
	s->start = 0;
	s->end = 0;
	s->in_text = false;
}

static void consume(struct log_scan *s, size_t len)
{
	s->start += len;
	s->pos += len;
}

/* Read more into buf; returns how many bytes, 0 at the end, or a negative errno. */
static ssize_t fill(struct log_scan *s)
{
	ssize_t n;

	if (s->start) {
		memmove(s->buf, s->buf + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	n = log_files_read(s->files, s->buf + s->end, sizeof(s->buf) - s->end,
			   s->pos + (off_t)s->end);
	if (n > 0)
		s->end += n;
	return n;
}

/* Skip the rest of the line. */
static int skip(struct log_scan *s)
{
	const char *piece;
	ssize_t n;

	while (s->in_text) {
		n = log_scan_text(s, &piece);
		if (n < 0)
			return n;
	}
	return 0;
}

int log_scan_next(struct log_scan *s)
{
	size_t have, prefix;
	ssize_t n;
	int err;

	err = skip(s);
	if (err)
		return err;
	for (;;) {
		have = s->end - s->start;
		if (have >= LOG_PREFIX_LONGEST ||
		    memchr(s->buf + s->start, '\n', have))
			break;
		n = fill(s);
		if (n < 0)
			return n;
		if (!n)
			break;
	}
	if (!have)
		return 0;
	s->line = s->pos;
	s->time = s->buf + s->start;
	prefix = s->files->raw ? 0 : log_format_parse(s->time, have, &s->head);
	s->well_formed = prefix != 0;
	consume(s, prefix);
	s->in_text = true;
	return 1;
}

ssize_t log_scan_text(struct log_scan *s, const char **piece)
{
	const char *newline;
	ssize_t n;

	if (!s->in_text)
		return 0;
	if (s->start == s->end) {
		n = fill(s);
		if (n < 0)
			return n;
		if (!n) {
			s->newline = false;
			s->in_text = false;
			return 0;
		}
	}
	*piece = s->buf + s->start;
	newline = memchr(*piece, '\n', s->end - s->start);
	n = newline ? newline - *piece : (ssize_t)(s->end - s->start);
	consume(s, n);
	if (!n) {
		s->newline = true;
		s->in_text = false;
		consume(s, 1);
	}
	return n;
}
