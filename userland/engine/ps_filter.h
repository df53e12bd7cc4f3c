/* SPDX-License-Identifier: GPL-2.0 */
/* Selecting the rows of "engine ps". */
#ifndef ENGINE_PS_FILTER_H
#define ENGINE_PS_FILTER_H

#include <json-c/json.h>

#include "base/failure.h"
#include "base/strings.h"

/**
 * ps_filter() - remove the rows that do not match all of @filters
 * A filter is "KEY=PATTERN": a key of the row, as template.h reads them, and a pattern of
 * the shell. Patterns of one key are alternatives. Returns 0, or -1 with @failure filled.
 */
int ps_filter(struct json_object *rows, const struct string_list *filters,
	      struct failure *failure);

#endif /* ENGINE_PS_FILTER_H */
