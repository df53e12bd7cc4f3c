// SPDX-License-Identifier: GPL-2.0
#include "print.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "scan.h"

struct printer {
	const struct log_print *print;
	struct log_scan *lines; /* goes from the first line to the last */
	struct log_scan *ahead; /* goes to the further parts of a line */
	off_t from; /* lines that begin before this are not printed */
	off_t printed[LOG_N_STREAMS]; /* lines that begin before this are printed */
	bool skipping[LOG_N_STREAMS]; /* in the parts of a line that is not wanted */
	off_t last[LOG_N_STREAMS]; /* where the last part of each stream begins */
	bool open;  /* the line whose parts were printed has no end */
	FILE *out;  /* for this line */
	FILE *main; /* for lines of stdout */
};

static int put(FILE *out, const char *p, size_t len)
{
	errno = 0;
	if (fwrite_unlocked(p, 1, len, out) == len)
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

static int skip_text(struct log_scan *s)
{
	const char *piece;
	ssize_t n;

	while ((n = log_scan_text(s, &piece)) > 0)
		;
	return n;
}

/*
 * While the log grows: do not keep the lines of the other stream back for the rest of a line
 * that nobody has written yet.
 */
static bool must_not_wait(const struct log_scan *s, bool others)
{
	return others && s->files->more && s->pos >= log_files_end(s->files);
}

/*
 * Print the further parts of the line whose first part was just printed. The lines between
 * them are printed later, when @lines gets there, which then skips these parts.
 */
static int put_parts(struct printer *p)
{
	enum log_stream stream = p->lines->head.stream;
	struct log_scan *s = p->ahead;
	bool others = false;
	int ret = 0;

	log_scan_init(s, p->lines->files, p->lines->pos);
	while (!ret && !must_not_wait(s, others) &&
	       (ret = log_scan_next(s)) > 0) {
		if (!log_files_same(s->files, p->lines->line, s->line)) {
			p->printed[stream] = s->line;
			return 0;
		}
		if (!s->well_formed || s->head.stream != stream) {
			others = true;
			ret = skip_text(s);
			continue;
		}
		ret = put_text(s, p->out);
		p->open = s->head.partial;
		if (ret || !p->open)
			break;
	}
	p->printed[stream] = s->pos;
	return ret;
}

static int put_time(struct printer *p)
{
	int err = put(p->out, p->lines->time, p->lines->head.time_len);

	return err ? err : put(p->out, " ", 1);
}

/* Choose the file for a line. What was printed before must come before it. */
static int choose_out(struct printer *p)
{
	const struct log_scan *s = p->lines;

	p->out = p->main;
	if (!p->print->err || !s->well_formed || s->head.stream != LOG_STDERR)
		return 0;
	p->out = p->print->err;
	return fflush(p->main) ? -errno : 0;
}

static int put_line(struct printer *p)
{
	struct log_scan *s = p->lines;
	int err = choose_out(p);

	if (err)
		return err;
	p->open = s->well_formed && s->head.partial;
	if (p->print->timestamps && s->well_formed)
		err = put_time(p);
	if (!err)
		err = put_text(s, p->out);
	if (!err && p->open)
		err = put_parts(p);
	/* The next line begins with its time. */
	if (!err && p->open && p->print->timestamps && p->lines->files->more)
		err = put(p->out, "\n", 1);
	/* A line without a prefix keeps its newline, or the lack of one. */
	if (!err && (s->well_formed ? !p->open : s->newline))
		err = put(p->out, "\n", 1);
	return err;
}

/* Whether to print the line that @lines has come to. */
static bool is_wanted(struct printer *p)
{
	const struct log_select *select = &p->print->select;
	const struct log_scan *s = p->lines;
	bool wanted;

	if (!s->well_formed)
		return s->line >= p->from &&
		       log_select_wants(select, NULL, NULL);
	if (s->line < p->printed[s->head.stream])
		return false;
	if (!log_files_same(s->files, p->last[s->head.stream], s->line))
		p->skipping[s->head.stream] = false;
	p->last[s->head.stream] = s->line;
	wanted = !p->skipping[s->head.stream] && s->line >= p->from &&
		 log_select_wants(select, &s->head, s->time);
	p->skipping[s->head.stream] = !wanted && s->head.partial;
	return wanted;
}

static int print_lines(struct printer *p, struct log_files *files)
{
	struct log_start start;
	int ret = log_select_start(&p->print->select, files, &start);

	if (ret)
		return ret;
	p->from = start.print;
	log_scan_init(p->lines, files, start.scan);
	while ((ret = log_scan_next(p->lines)) > 0) {
		files->in_use = p->lines->line;
		if (!is_wanted(p))
			continue;
		ret = put_line(p);
		if (ret)
			return ret;
	}
	return ret;
}

int log_print(struct log_files *files, const struct log_print *print, FILE *out)
{
	struct log_scan *scans __cleanup_free = malloc(2 * sizeof(*scans));
	struct printer p = { .print = print, .out = out, .main = out };
	int ret;

	if (!scans)
		return -ENOMEM;
	p.lines = &scans[0];
	p.ahead = &scans[1];
	ret = print_lines(&p, files);
	if (!ret && fflush(out))
		ret = -errno;
	return ret;
}
