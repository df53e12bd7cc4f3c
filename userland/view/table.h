/* SPDX-License-Identifier: LGPL-2.1 */
/* A table for a terminal: each column is as wide as its longest cell. */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** enum column_kind */
enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER, /* aligned to the right */
	COLUMN_CUT,    /* text that may be cut to fit the width of the table */
};

struct column {
	const char *title;
	enum column_kind kind;
};

/**
 * struct table - the caller sets the first four fields; all others start as zero
 * @drop_last: leave out the last column if all its cells are empty
 * @width: how many characters a line may have; 0: as many as it needs. The table is
 *	wider if its columns cannot be cut any more
 */
struct table {
	const struct column *columns;
	size_t n_columns;
	bool drop_last;
	size_t width;
	char **cells; /* row by row */
	size_t n_cells;
	size_t room; /* for this many cells */
};

/** terminal_width() - how wide the terminal at stdout is; 0: stdout is none */
size_t terminal_width(void);

/** table_add() - add the next cell of a row, escaped; 0 or -ENOMEM */
int table_add(struct table *t, const char *text);
int table_add_u64(struct table *t, uint64_t v);
/** table_print() - print the titles and all rows to stdout; 0 or -ENOMEM */
int table_print(const struct table *t);
/** table_write() - the same, to @out */
int table_write(const struct table *t, FILE *out);
void table_free(struct table *t);

#endif /* VIEW_TABLE_H */
