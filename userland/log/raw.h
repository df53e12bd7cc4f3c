/* SPDX-License-Identifier: GPL-2.0 */
/* The log driver "raw": bytes as they are, but where one file ends. */
#ifndef LOG_RAW_H
#define LOG_RAW_H

#include <stddef.h>
#include <stdint.h>

#include "batch.h"

/**
 * log_raw_feed() - put bytes into @b, by reference
 * @partial: whether the file is in the middle of a line behind them
 * @size: of the file, without what is in @b
 * @max: where a line of the file must not begin behind
 * Returns how many were taken. These are less than @len where the batch is full,
 * or the file: that ends with a whole line. A line that is longer than @max goes
 * on beyond it, up to twice @max, and is cut there.
 */
size_t log_raw_feed(struct log_batch *b, uint16_t *partial, uint64_t size,
		    uint64_t max, const char *p, size_t len);

#endif /* LOG_RAW_H */
