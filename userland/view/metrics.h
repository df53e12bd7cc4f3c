/* SPDX-License-Identifier: GPL-2.0 */
/* The container table as metrics, see Documentation/monitoring.md for their meaning. */
#ifndef VIEW_METRICS_H
#define VIEW_METRICS_H

#include <stddef.h>

#include "exposition.h"
#include "libpurser/purser.h"

/** struct metrics_text - for free() */
struct metrics_text {
	char *text;
	size_t len;
};

/**
 * struct metrics_source - what the metrics are made from
 * @records: @n of them, in the order of their ids
 * @boot: the time of the boot, in ns since 1970
 */
struct metrics_source {
	struct purser_info info;
	struct purser_container *records;
	size_t n;
	int64_t boot;
};

/** metrics_write() - make the text; returns 0 or -ENOMEM */
int metrics_write(const struct metrics_source *source,
		  enum exposition_format format, struct metrics_text *out);

/**
 * metrics_read() - read the table and the module's counters, and make the text
 * Returns 0; -ENOMEM; or another negative errno of libpurser, see purser_last_error().
 */
int metrics_read(struct purser *p, enum exposition_format format,
		 struct metrics_text *out);

#endif /* VIEW_METRICS_H */
