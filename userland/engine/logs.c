// SPDX-License-Identifier: GPL-2.0
/*
 * "engine logs": the text of a container's log file, without what stands before
 * it on each line. Parts of a line that was too long for one are joined again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "cleanup.h"
#include "client.h"
#include "commands.h"
#include "log/read.h"
#include "report.h"

static int print_log(const char *path)
{
	__cleanup_close int log = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (log < 0) {
		report(-errno, "opening log %s", path);
		return errno == EACCES ? EXIT_NO_PERMISSION : EXIT_FAILED;
	}
	err = log_read_print(log, stdout);
	if (!err)
		return finish_output();
	if (err == -EPIPE)
		return EXIT_OK;
	if (ferror(stdout))
		report(err, "writing to standard output");
	else
		report(err, "reading log %s", path);
	return EXIT_FAILED;
}

int command_logs(const struct logs_options *options)
{
	struct connection connection;
	struct json_object *m, *reply;
	const char *path;
	int code = connection_open(&connection, options->run_dir);

	if (code)
		goto out;
	m = message_new("logs", NULL);
	if (m && message_set_string(m, "id", options->id)) {
		json_object_put(m);
		m = NULL;
	}
	code = connection_send(&connection, m);
	if (!code)
		code = connection_receive(&connection, &reply);
	if (code)
		goto out;
	if (message_get_string(reply, "path", &path))
		code = reply_is_strange();
	else
		code = print_log(path);
	json_object_put(reply);
out:
	connection_close(&connection);
	return code;
}
