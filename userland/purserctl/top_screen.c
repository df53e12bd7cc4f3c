// SPDX-License-Identifier: GPL-2.0
/* One screen of "purserctl top", see top_screen.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include "top_screen.h"

#define HOME	   "\033[H"
#define ERASE_LINE "\033[K"
#define ERASE_REST "\033[J"
#define REVERSED   "\033[7m"
#define RED	   "\033[31m"
#define YELLOW	   "\033[33m"
#define PLAIN	   "\033[0m"

/* Lines besides the rows: the counters, the titles and the keys. */
#define OTHER_LINES 3

/* A narrow terminal gets only the first of them. */
static const enum sample_column columns[] = {
	SAMPLE_NAME,	SAMPLE_CPU,   SAMPLE_USAGE, SAMPLE_OF_SOFT,
	SAMPLE_OF_HARD, SAMPLE_PROCS, SAMPLE_PEAK,  SAMPLE_AGE,
};

#define N_NARROW   6
#define WIDE_BEGIN 100

static const struct {
	char key;
	const char *name;
} keys[] = {
	[SAMPLE_NAME] = { 'n', "name" },    [SAMPLE_CPU] = { 'c', "cpu" },
	[SAMPLE_USAGE] = { 'u', "usage" },  [SAMPLE_OF_SOFT] = { 's', "soft" },
	[SAMPLE_OF_HARD] = { 'h', "hard" }, [SAMPLE_PEAK] = { 'k', "peak" },
	[SAMPLE_PROCS] = { 'p', "procs" },  [SAMPLE_AGE] = { 'a', "age" },
};

int top_key(char key)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i].key == key)
			return i;
	}
	return -1;
}

/* @n: print so many of the samples */
static int write_rows(const struct top_view *view,
		      const struct samples *samples, size_t n, FILE *out)
{
	struct column titles[ARRAY_SIZE(columns)];
	struct table t = {
		.columns = titles,
		.n_columns = ARRAY_SIZE(columns),
		.width = view->width,
	};
	int err = 0;

	if (view->width && view->width < WIDE_BEGIN)
		t.n_columns = N_NARROW;
	for (size_t i = 0; i < t.n_columns; i++)
		titles[i] = sample_columns[columns[i]];
	for (size_t i = 0; !err && i < n; i++) {
		for (size_t c = 0; !err && c < t.n_columns; c++)
			err = sample_add_cell(&t, &samples->all[i], columns[c]);
	}
	if (!err)
		err = table_write(&t, out);
	table_free(&t);
	return err;
}

int top_write_table(const struct top_view *view, const struct samples *samples,
		    FILE *out)
{
	return write_rows(view, samples, samples->n, out);
}

/* The colour of a row: its container is near its end, or above its soft limit. */
static const char *colour_of(const struct purser_container *c)
{
	if (c->hard_limit && c->usage >= c->hard_limit - c->hard_limit / 8)
		return RED;
	if (c->soft_limit && c->usage >= c->soft_limit)
		return YELLOW;
	return "";
}

/* One line of the screen, not longer than the terminal is wide. @len: in bytes */
static void write_line(const struct top_view *view, const char *colour,
		       const char *text, size_t len, FILE *out)
{
	__cleanup_free char *line = strndup(text, len);

	/* Without memory, the line is empty on this screen. */
	if (line && utf8_length(line) > view->width)
		line[utf8_offset(line, view->width)] = '\0';
	if (!view->colours)
		colour = "";
	/* Erased before, because a full line leaves the cursor on its last character. */
	fprintf(out, ERASE_LINE "%s%s%s", colour, line ? line : "",
		*colour ? PLAIN : "");
}

static void end_line(FILE *out)
{
	fputs("\r\n", out);
}

/* Each line of @text: the titles, and a line for each sample. */
static void write_lines(const struct top_view *view,
			const struct samples *samples, const char *text,
			FILE *out)
{
	size_t n = 0;

	for (const char *line = text; *line; n++) {
		const char *end = strchrnul(line, '\n');
		const char *colour =
			n ? colour_of(&samples->all[n - 1].record) : REVERSED;

		write_line(view, colour, line, end - line, out);
		end_line(out);
		line = *end ? end + 1 : end;
	}
}

static void write_head(const struct top_view *view,
		       const struct samples *samples, size_t shown,
		       const struct purser_info *info, FILE *out)
{
	char text[256], hidden[64] = "";

	if (shown < samples->n)
		snprintf(hidden, sizeof(hidden), ", %zu more below",
			 samples->n - shown);
	snprintf(text, sizeof(text),
		 "%" PRIu32 " live, %" PRIu32 " ended, %" PRIu32
		 " processes, %" PRIu64 " events; by %s%s%s",
		 info->live, info->ended, info->members, info->events,
		 keys[view->by].name, view->reverse ? ", reversed" : "",
		 hidden);
	write_line(view, "", text, strlen(text), out);
	end_line(out);
}

static void write_keys(const struct top_view *view, FILE *out)
{
	char text[160] = "q quit  r reverse  sort:";

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, " %c %s", keys[i].key,
			 keys[i].name);
	}
	write_line(view, "", text, strlen(text), out);
}

int top_write_screen(const struct top_view *view, const struct samples *samples,
		     const struct purser_info *info, FILE *out)
{
	const size_t room = view->height > OTHER_LINES ?
				    view->height - OTHER_LINES :
				    0;
	const size_t n = samples->n < room ? samples->n : room;
	__cleanup_free char *text = NULL;
	FILE *rows;
	size_t size;
	int err;

	rows = open_memstream(&text, &size);
	if (!rows)
		return -ENOMEM;
	err = write_rows(view, samples, n, rows);
	if (fclose(rows) && !err)
		err = -ENOMEM;
	if (err)
		return err;
	fputs(HOME, out);
	if (view->height > 1)
		write_head(view, samples, n, info, out);
	if (view->height >= OTHER_LINES)
		write_lines(view, samples, text, out);
	fputs(ERASE_REST, out);
	write_keys(view, out);
	return 0;
}
