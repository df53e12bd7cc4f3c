// SPDX-License-Identifier: GPL-2.0
/* "purserctl list": all records, as a table or as JSON. */
#include <errno.h>
#include <stdio.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "commands.h"
#include "view/handle.h"
#include "view/display.h"
#include "view/json.h"
#include "view/label.h"
#include "view/table.h"

static const struct column columns[] = {
	{ "ID", COLUMN_NUMBER },    { "NAME", COLUMN_CUT },
	{ "PID", COLUMN_NUMBER },   { "STATE", COLUMN_TEXT },
	{ "REASON", COLUMN_CUT },   { "RSS", COLUMN_NUMBER },
	{ "USAGE", COLUMN_NUMBER }, { "SOFT", COLUMN_NUMBER },
	{ "HARD", COLUMN_NUMBER },  { "PROCS", COLUMN_NUMBER },
	{ "AGE", COLUMN_NUMBER },   { "LABEL", COLUMN_CUT },
};

static int add_row(const struct purser_container *c, void *arg)
{
	struct table *t = arg;
	char buf[DISPLAY_LEN];
	__cleanup_free char *label = record_label(c);

	if (table_add_u64(t, c->id) || table_add(t, c->name) ||
	    table_add_u64(t, c->pid) ||
	    table_add(t, purser_state_name(c->state)) ||
	    table_add(t, display_reason(c, buf)) ||
	    table_add(t, display_mib(c->rss, buf)) ||
	    table_add(t, display_mib(c->usage, buf)) ||
	    table_add(t, display_limit(c->soft_limit, buf)) ||
	    table_add(t, display_limit(c->hard_limit, buf)) ||
	    table_add_u64(t, c->processes) ||
	    table_add(t, display_age(c->registered_at, buf)) ||
	    table_add(t, label ? label : ""))
		return -ENOMEM;
	return 0;
}

/* Print each record at once: only one of them is in memory as JSON. */
static int print_element(const struct purser_container *c, void *first)
{
	struct json_object *o = purser_container_json(c);
	int err = json_print_element(o, first);

	json_object_put(o);
	return err;
}

static int list_json(struct purser *p, enum purser_state state)
{
	bool first = true;
	int err = purser_list(p, state, print_element, &first);

	if (!err)
		json_print_end(first);
	return err;
}

static int list_text(struct purser *p, enum purser_state state, bool no_trunc)
{
	struct table t = {
		.columns = columns,
		.n_columns = ARRAY_SIZE(columns),
		.drop_last = true,
		.width = no_trunc ? 0 : terminal_width(),
	};
	int err = purser_list(p, state, add_row, &t);

	if (!err)
		err = table_print(&t);
	table_free(&t);
	return err;
}

int cmd_list(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = o->json ? list_json(p, o->state) :
			list_text(p, o->state, o->no_trunc);
	return err ? table_failed(failure, err, purser_last_error(p),
				  "cannot list the containers") :
		     EXIT_OK;
}
