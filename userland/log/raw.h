/* SPDX-License-Identifier: GPL-2.0 */
/* The log driver "raw": bytes are written as they are, split into files at newlines. */
#ifndef LOG_RAW_H
#define LOG_RAW_H

#include <stddef.h>
#include <stdint.h>

#include "batch.h"

/**
 * log_raw_feed() - put bytes into @b, by reference
 * @partial: becomes whether the file ends in the middle of a line then
 * @size: of the file, without the bytes in @b
 * @max: no line may begin behind this offset of the file
 * Returns how many bytes it has used. If these are less than @len, the batch or the file is
 * full. A file ends with a whole line: a line that crosses @max is finished, but is cut
 * at twice @max.
 */
size_t log_raw_feed(struct log_batch *b, uint16_t *partial, uint64_t size,
		    uint64_t max, const char *p, size_t len);

#endif /* LOG_RAW_H */
