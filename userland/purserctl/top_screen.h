/* SPDX-License-Identifier: GPL-2.0 */
/* One screen of "purserctl top", as the bytes that a terminal gets. */
#ifndef PURSERCTL_TOP_SCREEN_H
#define PURSERCTL_TOP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "view/samples.h"

/** struct top_view - how the table looks */
struct top_view {
	enum sample_column by; /* what it is sorted by */
	bool reverse;
	bool colours;
	size_t width, height; /* of the terminal; 0: no terminal */
};

/**
 * top_write_table() - write a plain table, with lines that end in a newline
 * Returns 0 or -ENOMEM.
 */
int top_write_table(const struct top_view *view, const struct samples *samples,
		    FILE *out);

/**
 * top_write_screen() - write a screen that replaces the one before
 * Writes the counters, as many rows as fit, and the keys. No line is longer than the
 * terminal is wide, and the last one has no newline.
 * @info: counters of the module
 * Returns 0 or -ENOMEM.
 */
int top_write_screen(const struct top_view *view, const struct samples *samples,
		     const struct purser_info *info, FILE *out);

/** top_key() - the column that a key sorts by; -1: none */
int top_key(char key);

#endif /* PURSERCTL_TOP_SCREEN_H */
