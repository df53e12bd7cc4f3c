// SPDX-License-Identifier: GPL-2.0
/*
 * "purserctl show" and "purserctl info": print the JSON of a record or of the counters as
 * text, with a line for each key.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/parse.h"
#include "commands.h"
#include "view/handle.h"
#include "view/display.h"
#include "view/json.h"

#define KEY_WIDTH 16

static bool is_one_of(const char *key, const char *const *keys)
{
	for (; *keys; keys++) {
		if (!strcmp(key, *keys))
			return true;
	}
	return false;
}

static void print_number(const char *key, uint64_t n)
{
	static const char *const sizes[] = { "rss", "usage", "peak", NULL };
	static const char *const limits[] = { "soft_limit", "hard_limit",
					      NULL };
	static const char *const times[] = { "registered_at", "started_at",
					     "exited_at", NULL };
	char buf[DISPLAY_LEN], age[DISPLAY_LEN];

	if (is_one_of(key, limits) && !n)
		printf("-");
	else if (is_one_of(key, limits) || is_one_of(key, sizes))
		printf("%" PRIu64 " (%s)", n, display_mib(n, buf));
	else if (is_one_of(key, times))
		printf("%s (%s ago)", display_seconds(n, buf),
		       display_age(n, age));
	else if (!strcmp(key, "cpu_time"))
		printf("%s", display_seconds(n, buf));
	else if (!strcmp(key, "signal"))
		printf("%" PRIu64 " (%s)", n, signal_name(n, buf, sizeof(buf)));
	else
		printf("%" PRIu64, n);
}

static int print_text(const char *text)
{
	__cleanup_free char *safe = escape_text(text);

	if (!safe)
		return -ENOMEM;
	printf("%s", safe);
	return 0;
}

/* Print each element on a line. The key is only in front of the first one. */
static int print_array(struct json_object *array)
{
	size_t n = json_object_array_length(array);
	int err = n ? 0 : print_text("-");

	for (size_t i = 0; !err && i < n; i++) {
		printf("%s%*s", i ? "\n" : "", i ? KEY_WIDTH : 0, "");
		err = print_text(json_object_get_string(
			json_object_array_get_idx(array, i)));
	}
	return err;
}

/* Print each number of an object on a line, as print_array() does. */
static int print_counts(struct json_object *counts)
{
	bool first = true;

	json_object_object_foreach(counts, key, n) {
		printf("%s%*s%s %" PRIu64, first ? "" : "\n",
		       first ? 0 : KEY_WIDTH, "", key,
		       json_object_get_uint64(n));
		first = false;
	}
	return 0;
}

static int print_value(const struct purser_container *c, const char *key,
		       struct json_object *v)
{
	char buf[DISPLAY_KILLER_LEN];

	switch (json_object_get_type(v)) {
	case json_type_null:
		return print_text("-");
	case json_type_boolean:
		return print_text(json_object_get_boolean(v) ? "yes" : "no");
	case json_type_int:
		print_number(key, json_object_get_uint64(v));
		return 0;
	case json_type_object:
		if (!c)
			return print_counts(v);
		return print_text(display_killer(
			!strcmp(key, "killer") ? &c->killer : &c->crossed_by,
			buf));
	case json_type_array:
		return print_array(v);
	default:
		if (!strcmp(key, "reason") && !c->reason)
			return print_text("-");
		return print_text(json_object_get_string(v));
	}
}

/* Print @object and free it. @c: the record that it was made from, or NULL */
static int print_lines(struct json_object *object,
		       const struct purser_container *c)
{
	int err = object ? 0 : -ENOMEM;

	if (err)
		return err;
	json_object_object_foreach(object, key, value) {
		if (err)
			break;
		printf("%-*s", KEY_WIDTH, key);
		err = print_value(c, key, value);
		putchar('\n');
	}
	json_object_put(object);
	return err;
}

static int print(const struct ctl_options *o, struct json_object *object,
		 const struct purser_container *c, struct failure *failure)
{
	int err = o->json ? json_print(object) : print_lines(object, c);

	return err ? print_failed(failure) : EXIT_OK;
}

int cmd_show(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	struct purser_container c;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = purser_get(p, &o->ref, &c);
	if (err)
		return table_failed_on(failure, err, purser_last_error(p),
				       "show", &o->ref);
	return print(o, purser_container_json(&c), &c, failure);
}

int cmd_info(const struct command_line *line, struct failure *failure)
{
	__cleanup_table struct purser *p = NULL;
	struct json_object *object;
	struct purser_info info;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = purser_get_info(p, &info);
	if (err)
		return table_failed(failure, err, purser_last_error(p),
				    "cannot read the module's counters");
	object = purser_info_json(&info);
	purser_info_free(&info);
	return print(line->options, object, NULL, failure);
}
