// SPDX-License-Identifier: GPL-2.0
/* The commands supervisor, shutdown and start. */
#include "commands.h"
#include "control/connection.h"
#include "started.h"
#include "supervisor/serve.h"
#include "supervisor/takeover.h"

int command_supervisor(const struct command_line *line, struct failure *failure)
{
	return supervisor_run(line->options, line->argv, failure);
}

int command_shutdown(const struct command_line *line, struct failure *failure)
{
	const struct words_options *o = line->options;

	return shut_down(o->run_dir, o->keep_containers, failure);
}

int command_start(const struct command_line *line, struct failure *failure)
{
	const struct start_options *options = line->options;
	struct connection connection;
	struct json_object *reply;
	int err = connection_open(&connection, options->run_dir, failure);

	if (!err)
		err = connection_start(&connection, "start", &options->request,
				       failure);
	if (!err)
		err = connection_receive(&connection, &reply, failure);
	if (!err) {
		err = print_started(reply, failure);
		json_object_put(reply);
	}
	connection_close(&connection);
	return err;
}
