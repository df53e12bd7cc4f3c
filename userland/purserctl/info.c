// SPDX-License-Identifier: GPL-2.0
/* "purserctl info": the counters of the module. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "commands.h"
#include "base/escape.h"
#include "view/json.h"
#include "table.h"

static int line_text(const char *key, const char *value)
{
	__cleanup_free char *safe = escape_text(value);

	if (!safe)
		return -ENOMEM;
	printf("%-16s%s\n", key, safe);
	return 0;
}

static int info_text(const struct purser_info *info)
{
	int err = 0;

	printf("%-16s%" PRIu32 "\n", "live", info->live);
	printf("%-16s%" PRIu32 "\n", "ended", info->ended);
	printf("%-16s%" PRIu32 "\n", "members", info->members);
	printf("%-16s%" PRIu64 "\n", "events", info->events);
	printf("%-16s%" PRIu64 "\n", "events_dropped", info->events_dropped);
	if (line_text("kernel_version", info->kernel_version) ||
	    line_text("module_version", info->module_version))
		return -ENOMEM;
	if (!info->tracepoints[0])
		printf("%-16s-\n", "tracepoints");
	for (char **t = info->tracepoints; !err && *t; t++)
		err = line_text(t == info->tracepoints ? "tracepoints" : "",
				*t);
	return err;
}

int cmd_info(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	struct purser_info info;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = purser_get_info(p, &info);
	if (err)
		return table_failed(failure, err, purser_last_error(p),
				    "cannot read the module's counters");
	err = o->json ? json_print(purser_info_json(&info)) : info_text(&info);
	purser_info_free(&info);
	return err ? print_failed(failure) : EXIT_OK;
}
