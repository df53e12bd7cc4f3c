// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/console.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "table.h"

int table_add(struct table *t, const char *text)
{
	size_t room;
	char **cells;

	if (t->n_cells == t->room) {
		room = t->room ? t->room * 2 : 64;
		cells = reallocarray(t->cells, room, sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		t->cells = cells;
		t->room = room;
	}
	t->cells[t->n_cells] = escape_text(text);
	if (!t->cells[t->n_cells])
		return -ENOMEM;
	t->n_cells++;
	return 0;
}

int table_add_u64(struct table *t, uint64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%" PRIu64, v);
	return table_add(t, buf);
}

size_t terminal_width(void)
{
	struct winsize size;

	return console_size(STDOUT_FILENO, &size) ? size.ws_col : 0;
}

/* Print @text in @width characters; a text that is cut ends with an ellipsis. */
static void print_cell(FILE *out, const struct column *column, size_t width,
		       bool last, const char *text)
{
	const size_t length = utf8_length(text);
	const int pad = length < width ? width - length : 0;

	if (column->kind == COLUMN_NUMBER)
		fprintf(out, "%*s", pad, "");
	if (length > width)
		fprintf(out, "%.*s\u2026", (int)utf8_offset(text, width - 1),
			text);
	else
		fprintf(out, "%s", text);
	if (column->kind != COLUMN_NUMBER && !last)
		fprintf(out, "%*s", pad, "");
	fprintf(out, "%s", last ? "\n" : "  ");
}

/* The shortest that a column is cut to. */
#define CUT_MIN 8

static size_t min_width(const struct column *column)
{
	const size_t title = utf8_length(column->title);

	return title > CUT_MIN ? title : CUT_MIN;
}

/* Cut the widest of the columns that may be cut, until a line fits. */
static void fit(const struct table *t, size_t n, size_t *width)
{
	size_t total = 2 * (n - 1);

	for (size_t i = 0; i < n; i++)
		total += width[i];
	while (t->width && total > t->width) {
		size_t widest = n;

		for (size_t i = 0; i < n; i++) {
			if (t->columns[i].kind == COLUMN_CUT &&
			    width[i] > min_width(&t->columns[i]) &&
			    (widest == n || width[i] > width[widest]))
				widest = i;
		}
		if (widest == n)
			return;
		width[widest]--;
		total--;
	}
}

/* The columns that are printed. */
static size_t count_columns(const struct table *t)
{
	const size_t last = t->n_columns - 1;

	if (!t->drop_last)
		return t->n_columns;
	for (size_t i = last; i < t->n_cells; i += t->n_columns) {
		if (*t->cells[i])
			return t->n_columns;
	}
	return last;
}

int table_write(const struct table *t, FILE *out)
{
	__cleanup_free size_t *width = calloc(t->n_columns, sizeof(*width));
	const size_t n = count_columns(t);

	if (!width)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_columns; i++)
		width[i] = utf8_length(t->columns[i].title);
	for (size_t i = 0; i < t->n_cells; i++) {
		size_t w = utf8_length(t->cells[i]);

		if (w > width[i % t->n_columns])
			width[i % t->n_columns] = w;
	}
	fit(t, n, width);
	for (size_t i = 0; i < n; i++)
		print_cell(out, &t->columns[i], width[i], i + 1 == n,
			   t->columns[i].title);
	for (size_t i = 0; i < t->n_cells; i++) {
		const size_t column = i % t->n_columns;

		if (column < n)
			print_cell(out, &t->columns[column], width[column],
				   column + 1 == n, t->cells[i]);
	}
	return 0;
}

int table_print(const struct table *t)
{
	return table_write(t, stdout);
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->n_cells; i++)
		free(t->cells[i]);
	free(t->cells);
	t->cells = NULL;
	t->n_cells = 0;
	t->room = 0;
}
