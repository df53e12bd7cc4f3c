// SPDX-License-Identifier: GPL-2.0
/* "engine ps": print the supervisor's containers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "control/connection.h"
#include "commands.h"
#include "options_ps.h"
#include "ps_filter.h"
#include "target.h"
#include "view/display.h"
#include "view/json.h"
#include "view/table.h"
#include "view/template.h"

static const struct column columns[] = {
	{ "ID", COLUMN_CUT },	    { "PID", COLUMN_NUMBER },
	{ "STATE", COLUMN_TEXT },   { "REASON", COLUMN_CUT },
	{ "USAGE", COLUMN_NUMBER }, { "PEAK", COLUMN_NUMBER },
	{ "SOFT", COLUMN_NUMBER },  { "HARD", COLUMN_NUMBER },
	{ "PROCS", COLUMN_NUMBER }, { "CPU", COLUMN_NUMBER },
	{ "TIME", COLUMN_NUMBER },  { "LOG", COLUMN_TEXT },
	{ "COMMAND", COLUMN_CUT },
};

static uint64_t number(struct json_object *row, const char *key)
{
	uint64_t v;

	return object_get_u64(row, key, &v) ? 0 : v;
}

static const char *text(struct json_object *row, const char *key)
{
	const char *s;

	return object_get_string(row, key, &s) ? "" : s;
}

/* Read the fields of a record that the table shows. */
static void decode(struct json_object *row, struct purser_container *c)
{
	*c = (struct purser_container){
		.pid = number(row, "pid"),
		.state = purser_state_parse(text(row, "state")),
		.reason = purser_reason_parse(text(row, "reason")),
		.exit_code = -1,
		.soft_limit = number(row, "soft_limit"),
		.hard_limit = number(row, "hard_limit"),
		.usage = number(row, "usage"),
		.peak = number(row, "peak"),
		.processes = number(row, "processes"),
		.cpu_time = number(row, "cpu_time"),
		.registered_at = number(row, "registered_at"),
		.started_at = number(row, "started_at"),
		.exited_at = number(row, "exited_at"),
	};
	object_get_int(row, "exit_code", &c->exit_code);
	object_get_int(row, "signal", &c->signal);
	object_get_bool(row, "forced", &c->forced);
	object_get_bool(row, "no_handler", &c->no_handler);
}

/* How long the container has been running, or has run. */
static const char *time_text(const struct purser_container *c,
			     char buf[DISPLAY_LEN])
{
	uint64_t from = c->started_at ? c->started_at : c->registered_at;

	if (!c->exited_at)
		return display_age(from, buf);
	return display_duration(c->exited_at - from, buf);
}

static const char *cpu_text(uint64_t ns, char buf[DISPLAY_LEN])
{
	uint64_t ms = ns / 1000000;

	snprintf(buf, DISPLAY_LEN, "%" PRIu64 ".%02" PRIu64 "s", ms / 1000,
		 ms % 1000 / 10);
	return buf;
}

/* Print a word as a shell would need it, so that an empty one shows. */
static void print_word(FILE *f, const char *word)
{
	if (*word && !strpbrk(word, " \t\n'\"\\$`;&|<>()*?[]#~{}!")) {
		fputs(word, f);
		return;
	}
	fputc('\'', f);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", f);
		else
			fputc(*word, f);
	}
	fputc('\'', f);
}

/* Join the words with spaces; the caller must free() the text. */
static char *command_text(struct json_object *row)
{
	struct json_object *command;
	size_t size = 0;
	char *joined = NULL;
	FILE *f = open_memstream(&joined, &size);

	if (!f)
		return NULL;
	if (json_object_object_get_ex(row, "command", &command) &&
	    json_object_is_type(command, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(command); i++) {
			fputs(i ? " " : "", f);
			print_word(f, json_object_get_string(
					      json_object_array_get_idx(command,
									i)));
		}
	}
	if (fclose(f)) {
		free(joined);
		return NULL;
	}
	return joined;
}

static const char *log_text(struct json_object *row)
{
	bool complete = true;

	if (number(row, "log_lost"))
		return "lost";
	if (*text(row, "log_error"))
		return "waits";
	object_get_bool(row, "log_complete", &complete);
	return complete || strcmp(text(row, "state"), "exited") ? "-" : "open";
}

/* The kernel's table has no such state: the client reads it from the cgroups. */
static void mark_paused(struct json_object *rows, const char *run_dir)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		const bool paused = strcmp(text(row, "state"), "exited") &&
				    container_is_paused(run_dir,
							text(row, "name"));

		json_object_object_add(row, "paused",
				       json_object_new_boolean(paused));
	}
}

static const char *state_text(struct json_object *row, char buf[DISPLAY_LEN])
{
	bool paused = false;

	object_get_bool(row, "paused", &paused);
	snprintf(buf, DISPLAY_LEN, "%s%s", text(row, "state"),
		 paused ? "/paused" : "");
	return buf;
}

static int add_row(struct table *t, struct json_object *row)
{
	__cleanup_free char *command = command_text(row);
	struct purser_container c;
	char buf[DISPLAY_LEN];

	decode(row, &c);
	if (!command || table_add(t, text(row, "name")) ||
	    table_add_u64(t, c.pid) || table_add(t, state_text(row, buf)) ||
	    table_add(t, display_reason(&c, buf)) ||
	    table_add(t, display_mib(c.usage, buf)) ||
	    table_add(t, display_mib(c.peak, buf)) ||
	    table_add(t, display_limit(c.soft_limit, buf)) ||
	    table_add(t, display_limit(c.hard_limit, buf)) ||
	    table_add_u64(t, c.processes) ||
	    table_add(t, cpu_text(c.cpu_time, buf)) ||
	    table_add(t, time_text(&c, buf)) || table_add(t, log_text(row)) ||
	    table_add(t, command))
		return -ENOMEM;
	return 0;
}

static int print_table(struct json_object *rows, bool no_trunc)
{
	struct table t = {
		.columns = columns,
		.n_columns = ARRAY_SIZE(columns),
		.width = no_trunc ? 0 : terminal_width(),
	};
	int err = 0;

	for (size_t i = 0; !err && i < json_object_array_length(rows); i++)
		err = add_row(&t, json_object_array_get_idx(rows, i));
	if (!err)
		err = table_print(&t);
	table_free(&t);
	return err;
}

static int print_json(struct json_object *rows)
{
	bool first = true;
	int err = 0;

	for (size_t i = 0; !err && i < json_object_array_length(rows); i++)
		err = json_print_element(json_object_array_get_idx(rows, i),
					 &first);
	if (!err)
		json_print_end(first);
	return err;
}

/* Print the rows in the form that the options ask for; 0, -1 or a negative errno. */
static int print_rows(struct json_object *rows,
		      const struct ps_options *options, struct failure *failure)
{
	int err = 0;

	if (options->json)
		return print_json(rows);
	if (!options->quiet && !options->format)
		return print_table(rows, options->no_trunc);
	for (size_t i = 0; !err && i < json_object_array_length(rows); i++)
		err = template_print(
			options->quiet ? "{{.name}}" : options->format,
			json_object_array_get_idx(rows, i), failure);
	return err;
}

/* Receive all rows. */
static int receive_rows(struct connection *connection, struct json_object *rows,
			struct failure *failure)
{
	struct json_object *reply, *row;
	bool end = false;
	int err = 0;

	while (!err && !end) {
		if (connection_receive(connection, &reply, failure))
			return -1;
		end = object_is(reply, "type", "end");
		if (!end &&
		    !json_object_object_get_ex(reply, "container", &row)) {
			err = reply_is_strange(failure);
		} else if (!end && json_object_array_add(
					   rows, json_object_get(row)) < 0) {
			json_object_put(row);
			err = failed_errno(failure, -ENOMEM,
					   "reading the containers");
		}
		json_object_put(reply);
	}
	return err;
}

int command_ps(const struct command_line *line, struct failure *failure)
{
	const struct ps_options *options = line->options;
	struct json_object *rows = json_object_new_array();
	struct connection connection;
	int err = connection_open(&connection, options->run_dir, failure);

	if (!err && !rows)
		err = failed_errno(failure, -ENOMEM, "reading the containers");
	if (!err)
		err = connection_send(&connection, message_new("ps", NULL),
				      failure);
	if (!err)
		err = receive_rows(&connection, rows, failure);
	if (!err) {
		mark_paused(rows, options->run_dir);
		err = ps_filter(rows, &options->filters, failure);
	}
	if (!err)
		err = print_rows(rows, options, failure);
	if (err < -1)
		err = failed_errno(failure, err, "printing the containers");
	json_object_put(rows);
	connection_close(&connection);
	return err;
}
