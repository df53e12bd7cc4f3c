/* SPDX-License-Identifier: GPL-2.0 */
/* Text in columns, each as wide as what stands in it. */
#ifndef ENGINE_COLUMNS_H
#define ENGINE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct column {
	const char *title;
	bool right;		/* aligned to the right, as numbers are */
};

/** struct columns - to begin with, all but the first two fields are zero */
struct columns {
	const struct column *columns;
	size_t n_columns;
	char **cells;		/* row by row */
	size_t n_cells;
};

/** columns_add() - the next cell; made safe to print; 0 or -ENOMEM */
int columns_add(struct columns *t, const char *text);
int columns_add_u64(struct columns *t, uint64_t v);
/** columns_print() - titles and rows to stdout; 0 or -ENOMEM */
int columns_print(const struct columns *t);
void columns_free(struct columns *t);

#endif /* ENGINE_COLUMNS_H */
