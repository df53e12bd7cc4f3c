// SPDX-License-Identifier: GPL-2.0
/* Selecting the rows of "engine ps", see ps_filter.h. */
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ps_filter.h"
#include "view/template.h"

static size_t key_length(const char *filter)
{
	return strcspn(filter, "=");
}

static bool have_same_key(const char *a, const char *b)
{
	const size_t len = key_length(a);

	return len == key_length(b) && !strncmp(a, b, len);
}

/* Returns 1: the value matches, 0: it does not, or -1. */
static int matches(struct json_object *row, const char *filter,
		   struct failure *failure)
{
	const size_t len = key_length(filter);
	bool found;
	struct json_object *value = template_value(row, filter, len, &found);
	__cleanup_free char *text = NULL;

	if (!found)
		return failed(
			failure, EXIT_USAGE,
			"--filter %s: there is no such key; --json prints all keys",
			filter);
	text = template_text(value);
	if (!text)
		return failed_errno(failure, -ENOMEM, "--filter %s", filter);
	return !fnmatch(filter + len + 1, text, 0);
}

/* As matches(): for each key one of its patterns must match. */
static int is_selected(struct json_object *row,
		       const struct string_list *filters,
		       struct failure *failure)
{
	for (size_t i = 0; i < filters->n; i++) {
		bool any = false;

		for (size_t j = 0; j < filters->n; j++) {
			int match;

			if (!have_same_key(filters->strings[i],
					   filters->strings[j]))
				continue;
			match = matches(row, filters->strings[j], failure);
			if (match < 0)
				return -1;
			any |= match;
		}
		if (!any)
			return 0;
	}
	return 1;
}

int ps_filter(struct json_object *rows, const struct string_list *filters,
	      struct failure *failure)
{
	size_t i = 0;

	while (i < json_object_array_length(rows)) {
		int selected = is_selected(json_object_array_get_idx(rows, i),
					   filters, failure);

		if (selected < 0)
			return -1;
		if (selected)
			i++;
		else
			json_object_array_del_idx(rows, i, 1);
	}
	return 0;
}
