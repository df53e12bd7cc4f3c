// SPDX-License-Identifier: GPL-2.0
/*
 * Checking the logs at the end: the files of each name, the oldest first, must hold what
 * its lives have written, one after the other.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/names.h"
#include "survive.h"

#define MAX_FILES 1000

/* "2026-01-31T12:00:00.000000000Z stdout F " */
#define TIME_LEN   30
#define PREFIX_LEN 40

/** struct reading - the position in one stream of all lives of a name */
struct reading {
	struct name *name;
	unsigned int stream;
	unsigned int life; /* the current one; n_lives before the first */
	uint32_t n;	   /* number of its next line */
	bool cut;	   /* it has ended in the middle of a line */
	bool wrong;
	uint64_t *got; /* bytes of each life */
	char *line;    /* parts so far */
	size_t len;
};

/** struct ends - where the last file of a container ends in the text of all files */
struct ends {
	size_t at[MAX_FILES + 1];
	unsigned int n;
};

static char *load(const struct name *name, size_t *len, struct ends *ends)
{
	char *text = calloc(1, 1), *path, *more;
	struct stat st;
	bool last;
	size_t n;

	*len = 0;
	ends->n = 0;
	for (int i = MAX_FILES; i >= 0; i--) {
		path = i ? path_of("log/%s.log.%d", name->text, i) :
			   path_of("log/%s.log", name->text);
		more = slurp(path, &n);
		last = !stat(path, &st) && logfile_is_last(&st);
		free(path);
		if (!more)
			continue;
		totals.files++;
		text = realloc(text, *len + n + 1);
		must(text, "malloc");
		memcpy(text + *len, more, n + 1);
		*len += n;
		free(more);
		if (last)
			ends->at[ends->n++] = *len;
	}
	return text;
}

/* Whether the line is line @n of that life, or its beginning. If so, go behind it. */
static bool accept(struct reading *r, unsigned int life, uint32_t n)
{
	char wanted[LINE_LONGEST];
	size_t len = line_make(wanted, r->name->text, life, r->stream, n);

	if (r->len >= len || memcmp(wanted, r->line, r->len))
		return false;
	r->cut = r->len < len - 1;
	r->got[life] += r->cut ? r->len : len;
	r->life = life;
	r->n = n + 1;
	totals.lines++;
	return true;
}

static void check_line(struct reading *r)
{
	unsigned int next = 0;

	if (r->wrong)
		return;
	if (r->life < r->name->n_lives) {
		if (!r->cut && accept(r, r->life, r->n))
			return;
		next = r->life + 1;
	}
	while (next < r->name->n_lives && !accept(r, next, 0))
		next++;
	if (next < r->name->n_lives)
		return;
	r->wrong = true;
	wrong(CLAIM_LOGS, "%s: after line %u of life %u in stream %u: %.*s",
	      r->name->text, r->n, r->life, r->stream,
	      (int)(r->len < 60 ? r->len : 60), r->line);
}

static void add_part(struct reading *r, const char *text, size_t len)
{
	/* A line that is longer is no line of a scribe: check_line() finds that. */
	if (len > LINE_LONGEST - r->len)
		len = LINE_LONGEST - r->len;
	memcpy(r->line + r->len, text, len);
	r->len += len;
}

static bool is_prefix(const char *line, size_t len)
{
	return len >= PREFIX_LEN && line[TIME_LEN - 1] == 'Z' &&
	       (!memcmp(line + TIME_LEN, " stdout ", 8) ||
		!memcmp(line + TIME_LEN, " stderr ", 8)) &&
	       (line[38] == 'F' || line[38] == 'P') && line[39] == ' ';
}

static void read_line(struct reading r[N_STREAMS], const char *line, size_t len,
		      const char **time)
{
	const struct name *name = r->name;

	if (name->raw) {
		add_part(r, line, len);
	} else if (!is_prefix(line, len)) {
		wrong(CLAIM_LOGS, "%s: a line without a prefix: %.*s",
		      name->text, (int)(len < 60 ? len : 60), line);
		return;
	} else {
		if (*time && memcmp(*time, line, TIME_LEN) > 0)
			wrong(CLAIM_LOGS, "%s: the time runs backwards: %.*s",
			      name->text, TIME_LEN, line);
		*time = line;
		r += line[TIME_LEN + 4] == 'e';
		add_part(r, line + PREFIX_LEN, len - PREFIX_LEN);
		if (line[38] == 'P')
			return;
	}
	check_line(r);
	r->len = 0;
}

/* A container that was killed may have written a part of a line. */
static void read_end(struct reading r[N_STREAMS])
{
	for (int i = 0; i < N_STREAMS; i++) {
		if (r[i].len)
			check_line(&r[i]);
		r[i].len = 0;
	}
}

static void read_all(struct reading r[N_STREAMS], const char *text, size_t len,
		     const struct ends *ends)
{
	const char *begin = text, *end = text + len, *time = NULL;
	unsigned int n = 0;

	while (text < end) {
		const char *newline = memchr(text, '\n', end - text);

		if (!newline)
			newline = end;
		read_line(r, text, newline - text, &time);
		text = newline + 1;
		for (; n < ends->n && text >= begin + ends->at[n]; n++)
			read_end(r);
	}
	read_end(r);
}

/* The length of the first @n lines. */
static uint64_t count_bytes(const struct life *life, unsigned int stream,
			    uint32_t n)
{
	char line[LINE_LONGEST];
	uint64_t bytes = 0;

	while (n--)
		bytes += line_make(line, life->name->text, life->number, stream,
				   n);
	return bytes;
}

/* Whether it has written all its lines: it was not killed before. */
static bool has_written_all(const struct life *life)
{
	return life->kind != KIND_KILLED &&
	       !(life->kind == KIND_STOPPED && life->record.no_handler);
}

/* The least and the most bytes that may be in the log. */
static void bounds(const struct life *life, unsigned int stream,
		   uint64_t *least, uint64_t *most)
{
	uint32_t lines = life->lines / STDERR_EVERY;

	*least = life->progress[0][stream];
	*most = life->progress[1][stream];
	if (life->own_root && life->started)
		return;
	*least = *most = 0;
	if (!life->started)
		return;
	if (!stream) {
		lines = life->lines - lines;
		/* One more line after the signal. */
		lines += life->kind == KIND_STOPPED && has_written_all(life);
	}
	*most = count_bytes(life, stream, lines);
	if (has_written_all(life))
		*least = *most;
}

static void check_life(const struct life *life, unsigned int stream,
		       uint64_t got)
{
	uint64_t least, most;

	bounds(life, stream, &least, &most);
	totals.bytes += got;
	if (got < least || got > most)
		wrong(CLAIM_LOGS,
		      "%s.%u, kind %d%s: stream %u has %ju bytes instead of %ju to %ju",
		      life->name->text, life->number, life->kind,
		      life->started ? "" : ", which did not start", stream,
		      (uintmax_t)got, (uintmax_t)least, (uintmax_t)most);
}

static void check_name(struct name *name)
{
	struct reading r[N_STREAMS] = { 0 };
	struct ends ends;
	size_t len;
	char *text = load(name, &len, &ends);

	for (int i = 0; i < N_STREAMS; i++) {
		r[i].name = name;
		r[i].stream = i;
		r[i].life = name->n_lives;
		r[i].got = calloc(name->n_lives + 1, sizeof(*r[i].got));
		r[i].line = malloc(LINE_LONGEST);
		must(r[i].got && r[i].line, "malloc");
	}
	read_all(r, text, len, &ends);
	for (int i = 0; i < N_STREAMS; i++) {
		for (unsigned int j = 0; !r[i].wrong && j < name->n_lives; j++)
			check_life(name->lives[j], i, r[i].got[j]);
		free(r[i].got);
		free(r[i].line);
	}
	free(text);
}

void logs_check(void)
{
	for (size_t i = 0; i < n_names; i++)
		check_name(names[i]);
}
