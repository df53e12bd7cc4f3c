// SPDX-License-Identifier: GPL-2.0
/* Text in columns, see columns.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "columns.h"
#include "escape.h"

/* Memory grows by so many cells at once. */
#define CELLS 256

int columns_add(struct columns *t, const char *text)
{
	char **cells = t->cells;

	if (t->n_cells % CELLS == 0) {
		cells = reallocarray(cells, t->n_cells + CELLS, sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		t->cells = cells;
	}
	cells[t->n_cells] = escape_text(text);
	return cells[t->n_cells] ? (t->n_cells++, 0) : -ENOMEM;
}

int columns_add_u64(struct columns *t, uint64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%" PRIu64, v);
	return columns_add(t, buf);
}

/* Characters: the bytes that continue one in UTF-8 do not count. */
static int width(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

static void print_row(const struct columns *t, const int *widths, size_t row)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		const char *s = row ? t->cells[(row - 1) * t->n_columns + i] :
				      t->columns[i].title;
		int pad = widths[i] - width(s);
		bool last = i + 1 == t->n_columns;

		if (t->columns[i].right)
			printf("%*s%s", pad, "", s);
		else
			printf("%s%*s", s, last ? 0 : pad, "");
		fputs(last ? "\n" : "  ", stdout);
	}
}

int columns_print(const struct columns *t)
{
	__cleanup_free int *widths = calloc(t->n_columns, sizeof(*widths));
	size_t rows = t->n_cells / t->n_columns;

	if (!widths)
		return -ENOMEM;
	for (size_t i = 0; i < t->n_columns; i++)
		widths[i] = width(t->columns[i].title);
	for (size_t i = 0; i < t->n_cells; i++) {
		int *w = &widths[i % t->n_columns];

		if (width(t->cells[i]) > *w)
			*w = width(t->cells[i]);
	}
	for (size_t row = 0; row <= rows; row++)
		print_row(t, widths, row);
	return 0;
}

void columns_free(struct columns *t)
{
	for (size_t i = 0; i < t->n_cells; i++)
		free(t->cells[i]);
	free(t->cells);
	t->cells = NULL;
	t->n_cells = 0;
}
