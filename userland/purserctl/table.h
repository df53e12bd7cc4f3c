/* SPDX-License-Identifier: GPL-2.0 */
/* A table for a terminal: columns as wide as what stands in them. */
#ifndef PURSERCTL_TABLE_H
#define PURSERCTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct column {
	const char *title;
	bool right; /* aligned to the right, as numbers are */
};

/** struct table - zero but for the first two fields, to start with */
struct table {
	const struct column *columns;
	size_t n_columns;
	char **cells; /* row by row */
	size_t n_cells;
	size_t room;
};

/** table_add() - the next cell, row by row; made safe to print; -ENOMEM */
int table_add(struct table *t, const char *text);
/** table_print() - the titles and all rows to stdout */
int table_print(const struct table *t);
void table_free(struct table *t);

#endif /* PURSERCTL_TABLE_H */
