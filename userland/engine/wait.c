// SPDX-License-Identifier: GPL-2.0
/* "engine wait": wait until containers have ended, and print their exit codes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/report.h"
#include "base/standard.h"
#include "commands.h"
#include "control/outcome.h"
#include "target.h"
#include "view/handle.h"

/*
 * Read all records first: a name can be used again while this waits for another
 * container. Returns the number of containers that were not found, or -1.
 */
static int find_all(struct purser *table, const struct string_list *ids,
		    uint64_t *found)
{
	int n_missing = 0;

	for (size_t i = 0; i < ids->n; i++) {
		struct failure failure;
		struct target t;

		if (target_find(&t, table, ids->strings[i], &failure)) {
			report_failure(&failure);
			n_missing++;
			continue;
		}
		found[i] = t.record.id;
		target_close(&t);
	}
	return n_missing;
}

static int wait_one(struct purser *table, const char *name, uint64_t id,
		    uint64_t since, int *status, struct failure *failure)
{
	struct purser_container last;
	struct outcome outcome;
	int err = purser_wait(table, id, since, &last);

	if (err)
		return table_failed(failure, err, purser_last_error(table),
				    "cannot wait for the end of \"%s\"", name);
	outcome_from_record(&outcome, &last);
	*status = outcome_status(&outcome);
	printf("%d\n", *status);
	return 0;
}

/* The number of an event before all ends that this waits for. */
static int read_begin(struct purser *table, uint64_t *since,
		      struct failure *failure)
{
	int err = purser_last_event(table, since);

	return err ? table_failed(failure, err, purser_last_error(table),
				  "cannot read the number of the last event") :
		     0;
}

int command_wait(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	__cleanup_free uint64_t *found = calloc(o->ids.n, sizeof(*found));
	__cleanup_table struct purser *table = NULL;
	int n_missing, status = EXIT_OK;
	uint64_t since;

	if (!found)
		return failed_errno(failure, -ENOMEM, "waiting");
	if (table_open(&table, failure) || read_begin(table, &since, failure))
		return -1;
	n_missing = find_all(table, &o->ids, found);
	for (size_t i = 0; i < o->ids.n; i++) {
		if (!found[i])
			continue;
		if (wait_one(table, o->ids.strings[i], found[i], since, &status,
			     failure))
			return -1;
		/* Print each code at once. An error is reported at the end. */
		(void)standard_flush();
	}
	return n_missing ? EXIT_FAILED : status;
}
