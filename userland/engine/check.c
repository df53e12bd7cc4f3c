// SPDX-License-Identifier: GPL-2.0
/* "engine check": print what the machine has of what engine needs. */
#include <errno.h>
#include <fcntl.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/object.h"
#include "check.h"
#include "commands.h"
#include "view/handle.h"
#include "view/json.h"
#include "view/table.h"

void check_machine(const struct machine *m, struct findings *f)
{
	check_kernel(m, f);
	check_module(m, f);
	check_cgroups(m, f);
	check_features(m, f);
	check_permissions(m, f);
	check_leftovers(m, f);
}

static int add_record(const struct purser_container *c, void *arg)
{
	return string_list_add(arg, c->name);
}

/* Read the names of the kernel's records. Without the module there are none. */
static void read_table(struct machine *m, struct string_list *names)
{
	struct purser *table;
	int err = purser_open(&table);

	if (!err || err == -ENOENT)
		m->records = names;
	if (err) {
		m->unreachable = purser_last_error(NULL);
		return;
	}
	if (purser_list(table, 0, add_record, names))
		m->records = NULL;
	purser_close(table);
}

static int print_table(const struct findings *f)
{
	static const struct column columns[] = {
		{ "CHECK", COLUMN_TEXT },
		{ "STATE", COLUMN_TEXT },
		{ "FOUND", COLUMN_TEXT },
		{ "REMEDY", COLUMN_TEXT },
	};
	struct table t = {
		.columns = columns,
		.n_columns = ARRAY_SIZE(columns),
		.drop_last = true,
	};
	int err = 0;

	for (size_t i = 0; !err && i < f->n; i++) {
		const struct finding *one = &f->list[i];

		if (table_add(&t, one->name) ||
		    table_add(&t, finding_state_name(one->state)) ||
		    table_add(&t, one->found) ||
		    table_add(&t, one->remedy ? one->remedy : ""))
			err = -ENOMEM;
	}
	if (!err)
		err = table_print(&t);
	table_free(&t);
	return err;
}

static struct json_object *finding_json(const struct finding *finding)
{
	struct object o = object_new();

	object_add_string(&o, "check", finding->name);
	object_add_string(&o, "state", finding_state_name(finding->state));
	object_add_bytes(&o, "found", finding->found);
	if (finding->remedy)
		object_add_bytes(&o, "remedy", finding->remedy);
	else
		object_add_null(&o, "remedy");
	return object_done(&o);
}

static int print_json(const struct findings *f)
{
	bool first = true;
	int err = 0;

	for (size_t i = 0; !err && i < f->n; i++)
		err = json_print_element(finding_json(&f->list[i]), &first);
	if (!err)
		json_print_end(first);
	return err;
}

int command_check(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	__cleanup_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct string_list names = { 0 };
	struct findings findings = { 0 };
	struct machine m = {
		.root = root,
		.version = PURSER_VERSION,
		.run_dir = o->run_dir,
	};
	bool missing;
	int err;

	if (root < 0)
		return failed_errno(failure, -errno, "opening /");
	read_table(&m, &names);
	check_machine(&m, &findings);
	missing = findings_miss(&findings);
	err = findings.no_memory ? -ENOMEM :
	      o->json		 ? print_json(&findings) :
				   print_table(&findings);
	findings_free(&findings);
	string_list_free(&names);
	if (err)
		return print_failed(failure);
	return missing ? EXIT_FAILED : EXIT_OK;
}
