// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/escape.h"
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

/* Count characters: the further bytes of a UTF-8 character do not count. */
static size_t width_of(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

static void print_cell(const struct column *column, size_t width, bool last,
		       const char *text)
{
	int pad = width - width_of(text);

	if (column->right)
		printf("%*s%s", pad, "", text);
	else if (last)
		printf("%s", text);
	else
		printf("%s%*s", text, pad, "");
	printf("%s", last ? "\n" : "  ");
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

int table_print(const struct table *t)
{
	__cleanup_free size_t *width = calloc(t->n_columns, sizeof(*width));
	const size_t n = count_columns(t);

	if (!width)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_columns; i++)
		width[i] = width_of(t->columns[i].title);
	for (size_t i = 0; i < t->n_cells; i++) {
		size_t w = width_of(t->cells[i]);

		if (w > width[i % t->n_columns])
			width[i % t->n_columns] = w;
	}
	for (size_t i = 0; i < n; i++)
		print_cell(&t->columns[i], width[i], i + 1 == n,
			   t->columns[i].title);
	for (size_t i = 0; i < t->n_cells; i++) {
		const size_t column = i % t->n_columns;

		if (column < n)
			print_cell(&t->columns[column], width[column],
				   column + 1 == n, t->cells[i]);
	}
	return 0;
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
