// SPDX-License-Identifier: GPL-2.0
#include "read.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "scan.h"

struct printer {
	struct log_scan *lines;	      /* from the first line to the last */
	struct log_scan *ahead;	      /* to the further parts of a line */
	off_t printed[LOG_N_STREAMS]; /* all lines that begin before it */
	FILE *out;
};

static int put(FILE *out, const char *p, size_t len)
{
	errno = 0;
	if (fwrite(p, 1, len, out) == len)
		return 0;
	return errno ? -errno : -EIO;
}

static int put_text(struct log_scan *s, FILE *out)
{
	const char *piece;
	ssize_t n;
	int err;

	while ((n = log_scan_text(s, &piece)) > 0) {
		err = put(out, piece, n);
		if (err)
			return err;
	}
	return n;
}

/*
 * Prints the further parts of the line whose first part was just printed. The
 * lines between them have their turn afterwards, when lines gets there, and the
 * parts are left out then.
 */
static int put_parts(struct printer *p)
{
	enum log_stream stream = p->lines->head.stream;
	struct log_scan *s = p->ahead;
	int ret;

	log_scan_init(s, p->lines->fd, p->lines->pos, p->lines->limit);
	while ((ret = log_scan_next(s)) > 0) {
		if (!s->well_formed || s->head.stream != stream)
			continue;
		ret = put_text(s, p->out);
		if (ret || !s->head.partial)
			break;
	}
	p->printed[stream] = s->pos;
	return ret;
}

static int put_line(struct printer *p)
{
	struct log_scan *s = p->lines;
	int err;

	if (s->well_formed && s->line < p->printed[s->head.stream])
		return 0;
	err = put_text(s, p->out);
	if (!err && s->well_formed && s->head.partial)
		err = put_parts(p);
	/* Text that is not ours is neither given a newline nor denied one. */
	if (!err && (s->well_formed || s->newline))
		err = put(p->out, "\n", 1);
	return err;
}

int log_read_print(int fd, FILE *out)
{
	struct log_scan *scans __cleanup_free = NULL;
	struct printer p = { .out = out };
	struct stat st;
	int ret;

	if (fstat(fd, &st))
		return -errno;
	scans = malloc(2 * sizeof(*scans));
	if (!scans)
		return -ENOMEM;
	p.lines = &scans[0];
	p.ahead = &scans[1];
	log_scan_init(p.lines, fd, 0, st.st_size);
	while ((ret = log_scan_next(p.lines)) > 0) {
		ret = put_line(&p);
		if (ret)
			return ret;
	}
	if (!ret && fflush(out))
		ret = -errno;
	return ret;
}
