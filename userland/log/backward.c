// SPDX-License-Identifier: GPL-2.0
#include "backward.h"

#include <errno.h>
#include <string.h>

void log_backward_init(struct log_backward *b, struct log_files *files,
		       off_t end)
{
	b->files = files;
	b->line = end;
	b->from = end;
	b->len = 0;
}

/* Read all bytes in [from, to). */
static int read_all(struct log_files *files, char *buf, off_t from, off_t to)
{
	while (from < to) {
		ssize_t n = log_files_read(files, buf, to - from, from);

		if (n < 0)
			return n;
		if (!n)
			return -ESTALE;
		buf += n;
		from += n;
	}
	return 0;
}

/* Read the block that ends at @end. */
static int load(struct log_backward *b, off_t end)
{
	off_t from = end - (off_t)sizeof(b->buf);
	int err;

	if (from < 0)
		from = 0;
	err = read_all(b->files, b->buf, from, end);
	b->from = from;
	b->len = err ? 0 : end - from;
	return err;
}

/* Set line to the offset behind the last newline before @end, or to 0. */
static int find_newline(struct log_backward *b, off_t end)
{
	const char *newline;
	int err;

	while (end > 0) {
		if (end <= b->from || end > b->from + (off_t)b->len) {
			err = load(b, end);
			if (err)
				return err;
		}
		newline = memrchr(b->buf, '\n', end - b->from);
		if (newline) {
			b->line = b->from + (newline - b->buf) + 1;
			return 0;
		}
		end = b->from;
	}
	b->line = 0;
	return 0;
}

int log_backward_next(struct log_backward *b)
{
	off_t end = b->line, len;
	int err;

	if (!end)
		return 0;
	/* The last byte of the line before is its newline; or text, if it has none. */
	err = find_newline(b, end - 1);
	if (err)
		return err;
	len = end - b->line;
	if (len > LOG_PREFIX_LONGEST)
		len = LOG_PREFIX_LONGEST;
	if (b->line >= b->from && b->line + len <= b->from + (off_t)b->len)
		memcpy(b->prefix, b->buf + (b->line - b->from), len);
	else
		err = read_all(b->files, b->prefix, b->line, b->line + len);
	if (err)
		return err;
	b->well_formed = !b->files->raw &&
			 log_format_parse(b->prefix, len, &b->head) > 0;
	return 1;
}
