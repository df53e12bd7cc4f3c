// SPDX-License-Identifier: GPL-2.0
/*
 * "engine logs": the text of a container's log file, without what stands before
 * it on each line. Parts of a line that was too long for one are joined again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "client.h"
#include "commands.h"
#include "log/format.h"
#include "report.h"

static void print_line(const char *line, size_t len)
{
	size_t head_len = len < LOG_PREFIX_LONGEST ? len : LOG_PREFIX_LONGEST;
	struct log_head head = { 0 };
	size_t skip = log_format_parse(line, head_len, &head);

	/* What is not in the format is shown as it is. */
	if (skip && head.partial && line[len - 1] == '\n')
		len--;
	fwrite(line + skip, 1, len - skip, stdout);
}

static int print_log(const char *path)
{
	__cleanup_fclose FILE *log = fopen(path, "re");
	__cleanup_free char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!log) {
		report(-errno, "opening log %s", path);
		return errno == EACCES ? EXIT_NO_PERMISSION : EXIT_FAILED;
	}
	while (errno = 0, (len = getline(&line, &size, log)) > 0) {
		print_line(line, len);
		if (ferror(stdout))
			return finish_output();
	}
	if (errno) {
		report(-errno, "reading log %s", path);
		return EXIT_FAILED;
	}
	return finish_output();
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
