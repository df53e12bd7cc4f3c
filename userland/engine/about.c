// SPDX-License-Identifier: GPL-2.0
/* "engine events", "engine info" and "engine version". */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "base/object.h"
#include "commands.h"
#include "control/connection.h"
#include "view/handle.h"
#include "view/json.h"

#define KEY_WIDTH 16

int command_events(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	struct event_options options = o->events;

	options.json = o->json;
	return events_follow(&options, failure);
}

/* What both commands say. The module may be missing: its version is null then. */
static struct object versions(struct purser_info *info, bool has_module)
{
	struct object o = object_new();
	struct utsname name;

	object_add_string(&o, "engine_version", PURSER_VERSION);
	object_add_string(&o, "module_version",
			  has_module ? info->module_version : NULL);
	uname(&name);
	object_add_string(&o, "kernel", name.release);
	return o;
}

static void print_text(struct json_object *object)
{
	json_object_object_foreach(object, key, value) {
		if (json_object_is_type(value, json_type_boolean))
			printf("%-*s%s\n", KEY_WIDTH, key,
			       json_object_get_boolean(value) ? "yes" : "no");
		else
			printf("%-*s%s\n", KEY_WIDTH, key,
			       value ? json_object_get_string(value) : "-");
	}
}

/* Print the object and free it. */
static int print(struct object *o, bool as_json, struct failure *failure)
{
	struct json_object *json = object_done(o);

	if (as_json && json)
		return json_print(json) ? print_failed(failure) : EXIT_OK;
	if (!json)
		return print_failed(failure);
	print_text(json);
	json_object_put(json);
	return EXIT_OK;
}

static int read_info(struct purser_info *info, bool *has_module,
		     struct failure *failure)
{
	struct purser *table;
	int err = purser_open(&table);

	*info = (struct purser_info){ 0 };
	*has_module = !err;
	if (err == -ENOENT)
		return 0;
	if (err)
		return table_failed(failure, err, purser_last_error(NULL),
				    "cannot reach the container table");
	err = purser_get_info(table, info);
	if (err)
		table_failed(failure, err, purser_last_error(table),
			     "cannot read the module's counters");
	purser_close(table);
	return err ? -1 : 0;
}

/* The PID of the supervisor that serves the run directory; 0: none does. */
static pid_t supervisor_pid(const char *run_dir)
{
	struct connection connection;
	struct ucred peer = { 0 };
	socklen_t len = sizeof(peer);

	if (!connection_try(&connection, run_dir))
		getsockopt(connection.fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
	connection_close(&connection);
	return peer.pid;
}

int command_info(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	struct purser_info info;
	struct object object;
	bool has_module;
	pid_t pid;

	if (read_info(&info, &has_module, failure))
		return -1;
	object = versions(&info, has_module);
	if (has_module) {
		object_add_u64(&object, "live", info.live);
		object_add_u64(&object, "ended", info.ended);
		object_add_u64(&object, "processes", info.members);
		object_add_u64(&object, "events", info.events);
		object_add_u64(&object, "events_dropped", info.events_dropped);
	}
	purser_info_free(&info);
	pid = supervisor_pid(o->run_dir);
	if (pid)
		object_add_int(&object, "supervisor_pid", pid);
	else
		object_add_null(&object, "supervisor_pid");
	object_add_bytes(&object, "run_dir", o->run_dir);
	return print(&object, o->json, failure);
}

int command_version(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;
	struct purser_info info;
	struct object object;
	bool has_module;

	if (read_info(&info, &has_module, failure))
		return -1;
	object = versions(&info, has_module);
	purser_info_free(&info);
	return print(&object, o->json, failure);
}
