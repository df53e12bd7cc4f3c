// SPDX-License-Identifier: GPL-2.0
/* The same for several containers, see each.h. */
#include "base/report.h"
#include "each.h"
#include "view/handle.h"

int each_container(const struct string_list *ids, each_fn fn, void *arg,
		   struct failure *failure)
{
	__cleanup_table struct purser *table = NULL;
	int status = EXIT_OK;

	if (table_open(&table, failure))
		return -1;
	for (size_t i = 0; i < ids->n; i++) {
		if (!fn(table, ids->strings[i], arg, failure))
			continue;
		report_failure(failure);
		status = failure->code;
	}
	return status;
}
