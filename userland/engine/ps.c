// SPDX-License-Identifier: GPL-2.0
/* "engine ps": the supervisor's containers, as JSON or as a table. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "client.h"
#include "columns.h"
#include "commands.h"
#include "parse.h"
#include "report.h"

#define NSEC 1000000000ull

static const struct column columns[] = {
	{ "ID", false }, { "PID", true }, { "STATE", false },
	{ "REASON", false }, { "USAGE", true }, { "PEAK", true },
	{ "SOFT", true }, { "HARD", true }, { "PROCS", true },
	{ "CPU", true }, { "TIME", true }, { "COMMAND", false },
};

static uint64_t number(struct json_object *row, const char *key)
{
	uint64_t v;

	return message_get_u64(row, key, &v) ? 0 : v;
}

static const char *text(struct json_object *row, const char *key)
{
	const char *s;

	return message_get_string(row, key, &s) ? "?" : s;
}

static const char *size_text(uint64_t bytes, char *buf, size_t len)
{
	snprintf(buf, len, "%" PRIu64 ".%" PRIu64 "MiB", bytes >> 20,
		 ((bytes & 0xfffff) * 10) >> 20);
	return buf;
}

static const char *limit_text(uint64_t bytes, char *buf, size_t len)
{
	return bytes ? size_text(bytes, buf, len) : "-";
}

/* Why and how it ended: "exited(7)", "stopped/forced(SIGKILL)". */
static const char *reason_text(struct json_object *row, char *buf, size_t len)
{
	const char *reason = text(row, "reason");
	bool forced = false;
	char name[32], status[48] = "";
	int n;

	if (strcmp(text(row, "state"), "exited"))
		return "-";
	message_get_bool(row, "forced", &forced);
	if (!message_get_int(row, "exit_code", &n))
		snprintf(status, sizeof(status), "(%d)", n);
	else if (!message_get_int(row, "signal", &n))
		snprintf(status, sizeof(status), "(%s)",
			 signal_name(n, name, sizeof(name)));
	snprintf(buf, len, "%s%s%s", reason, forced ? "/forced" : "", status);
	return buf;
}

/* How long it has run or ran: "12s", "3m05s", "2h01m", "4d07h". */
static const char *time_text(struct json_object *row, char *buf, size_t len)
{
	uint64_t from = number(row, "started_at");
	uint64_t to = number(row, "exited_at");
	struct timespec now = { 0 };
	uint64_t s;

	clock_gettime(CLOCK_BOOTTIME, &now);
	if (!from)
		from = number(row, "registered_at");
	if (!to)
		to = now.tv_sec * NSEC + now.tv_nsec;
	s = to > from ? (to - from) / NSEC : 0;
	if (s < 60)
		snprintf(buf, len, "%" PRIu64 "s", s);
	else if (s < 3600)
		snprintf(buf, len, "%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	else if (s < 86400)
		snprintf(buf, len, "%" PRIu64 "h%02" PRIu64 "m", s / 3600,
			 s % 3600 / 60);
	else
		snprintf(buf, len, "%" PRIu64 "d%02" PRIu64 "h", s / 86400,
			 s % 86400 / 3600);
	return buf;
}

static const char *cpu_text(struct json_object *row, char *buf, size_t len)
{
	uint64_t ms = number(row, "cpu_time") / 1000000;

	snprintf(buf, len, "%" PRIu64 ".%02" PRIu64 "s", ms / 1000,
		 ms % 1000 / 10);
	return buf;
}

/* The words with spaces in between, for free(). */
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
		for (size_t i = 0; i < json_object_array_length(command); i++)
			fprintf(f, "%s%s", i ? " " : "",
				json_object_get_string(
				json_object_array_get_idx(command, i)));
	}
	if (fclose(f)) {
		free(joined);
		return NULL;
	}
	return joined;
}

static int add_row(struct columns *t, struct json_object *row)
{
	__cleanup_free char *command = command_text(row);
	const char *keys[] = { "usage", "peak", "soft_limit", "hard_limit" };
	char buf[96];
	int err;

	if (!command)
		return -ENOMEM;
	err = columns_add(t, text(row, "name"));
	if (!err)
		err = columns_add_u64(t, number(row, "pid"));
	if (!err)
		err = columns_add(t, text(row, "state"));
	if (!err)
		err = columns_add(t, reason_text(row, buf, sizeof(buf)));
	for (size_t i = 0; !err && i < sizeof(keys) / sizeof(keys[0]); i++) {
		uint64_t bytes = number(row, keys[i]);

		err = columns_add(t, i < 2 ?
				  size_text(bytes, buf, sizeof(buf)) :
				  limit_text(bytes, buf, sizeof(buf)));
	}
	if (!err)
		err = columns_add_u64(t, number(row, "processes"));
	if (!err)
		err = columns_add(t, cpu_text(row, buf, sizeof(buf)));
	if (!err)
		err = columns_add(t, time_text(row, buf, sizeof(buf)));
	return err ? err : columns_add(t, command);
}

static int print_table(struct json_object *rows)
{
	struct columns t = {
		.columns = columns,
		.n_columns = sizeof(columns) / sizeof(columns[0]),
	};
	int err = 0;

	for (size_t i = 0; !err && i < json_object_array_length(rows); i++)
		err = add_row(&t, json_object_array_get_idx(rows, i));
	if (!err)
		err = columns_print(&t);
	columns_free(&t);
	return err;
}

/* One container a line. */
static int print_json(struct json_object *rows)
{
	size_t n = json_object_array_length(rows);

	for (size_t i = 0; i < n; i++) {
		const char *s = json_object_to_json_string_ext(
			json_object_array_get_idx(rows, i),
			JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

		if (!s)
			return -ENOMEM;
		printf("%s\n  %s", i ? "," : "[", s);
	}
	printf("%s\n", n ? "\n]" : "[]");
	return 0;
}

/* Collect the rows until the end is told; an enum exit_code. */
static int receive_rows(struct connection *connection,
			struct json_object *rows)
{
	bool end = false;
	int code = EXIT_OK;

	while (!code && !end) {
		struct json_object *reply, *row;

		code = connection_receive(connection, &reply);
		if (code)
			break;
		end = message_is(reply, "type", "end");
		if (!end && !json_object_object_get_ex(reply, "container", &row)) {
			code = reply_is_strange();
		} else if (!end &&
			   json_object_array_add(rows, json_object_get(row)) < 0) {
			json_object_put(row);
			report(-ENOMEM, "reading the containers");
			code = EXIT_FAILED;
		}
		json_object_put(reply);
	}
	return code;
}

int command_ps(const struct ps_options *options)
{
	struct json_object *rows = json_object_new_array();
	struct connection connection;
	int err, code = connection_open(&connection, options->run_dir);

	if (!rows) {
		report(-ENOMEM, "reading the containers");
		code = EXIT_FAILED;
	}
	if (!code)
		code = connection_send(&connection, message_new("ps", NULL));
	if (!code)
		code = receive_rows(&connection, rows);
	if (!code) {
		err = options->json ? print_json(rows) : print_table(rows);
		if (err) {
			report(err, "printing the containers");
			code = EXIT_FAILED;
		} else {
			code = finish_output();
		}
	}
	json_object_put(rows);
	connection_close(&connection);
	return code;
}
