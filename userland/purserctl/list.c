// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "commands.h"
#include "view/display.h"
#include "view/json.h"
#include "output.h"
#include "base/report.h"
#include "view/table.h"

static const struct column columns[] = {
	{ "ID", true },	    { "NAME", false },	 { "PID", true },
	{ "STATE", false }, { "REASON", false }, { "RSS", true },
	{ "USAGE", true },  { "SOFT", true },	 { "HARD", true },
	{ "PROCS", true },  { "AGE", true },
};

static int add_row(const struct purser_container *c, void *arg)
{
	struct table *t = arg;
	char buf[DISPLAY_LEN];

	if (table_add_u64(t, c->id) || table_add(t, c->name) ||
	    table_add_u64(t, c->pid) ||
	    table_add(t, purser_state_name(c->state)) ||
	    table_add(t, display_reason(c, buf)) ||
	    table_add(t, display_mib(c->rss, buf)) ||
	    table_add(t, display_mib(c->usage, buf)) ||
	    table_add(t, display_limit(c->soft_limit, buf)) ||
	    table_add(t, display_limit(c->hard_limit, buf)) ||
	    table_add_u64(t, c->processes) ||
	    table_add(t, display_age(c->registered_at, buf)))
		return -ENOMEM;
	return 0;
}

/* One record a line, and never more than one in memory as JSON. */
static int print_element(const struct purser_container *c, void *arg)
{
	struct json_object *o = purser_container_json(c);
	const char *text = o ? json_object_to_json_string_ext(
				       o,
				       JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE) :
			       NULL;
	bool *first = arg;

	if (text)
		printf("%s\n  %s", *first ? "[" : ",", text);
	*first = false;
	json_object_put(o);
	return text ? 0 : -ENOMEM;
}

static int list_json(struct purser *p, enum purser_state state)
{
	bool first = true;
	int err = purser_list(p, state, print_element, &first);

	if (!err)
		printf("%s\n", first ? "[]" : "\n]");
	return err;
}

static int list_text(struct purser *p, enum purser_state state)
{
	struct table t = {
		.columns = columns,
		.n_columns = sizeof(columns) / sizeof(columns[0]),
	};
	int err = purser_list(p, state, add_row, &t);

	if (!err)
		err = table_print(&t);
	table_free(&t);
	return err;
}

int cmd_list(const struct args *args)
{
	struct purser *p;
	int code = connect_table(&p), err;

	if (code)
		return code;
	err = args->given & OPT_JSON ? list_json(p, args->state) :
				       list_text(p, args->state);
	if (err)
		code = fail(err, purser_last_error(p),
			    "cannot list the containers");
	else
		code = output_finish(0);
	purser_close(p);
	return code;
}
