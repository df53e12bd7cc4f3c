/* SPDX-License-Identifier: LGPL-2.1 */
/* A table for a terminal: columns as wide as what stands in them. */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
int table_add_u64(struct table *t, uint64_t v);
/** table_print() - the titles and all rows to stdout */
int table_print(const struct table *t);
void table_free(struct table *t);

#endif /* VIEW_TABLE_H */
