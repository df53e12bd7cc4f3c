// SPDX-License-Identifier: GPL-2.0
/* Printing a log while it grows, see show_log.h. */
#include <errno.h>
#include <stdio.h>

#include "base/report.h"
#include "log/print.h"
#include "show_log.h"

static int print(struct log_files *files, struct log_follow *follow)
{
	const struct log_print print = { .err = stderr };
	int err = log_follow_begin(follow, files);

	if (!err)
		err = log_print(files, &print, stdout);
	log_follow_end(follow, files);
	return err;
}

int show_log(const char *id, const char *path, bool raw, log_wait_fn wait,
	     void *arg)
{
	struct log_follow follow = {
		.path = path,
		.wait = wait,
		.arg = arg,
		.out = stdout,
	};
	struct log_files files;
	int err = log_files_open_last(&files, path);

	if (!err) {
		log_files_set_raw(&files, raw);
		err = print(&files, &follow);
	}
	log_files_close(&files);
	/* The reader of the output may go away before the container. */
	if (err && err != -ECANCELED && err != -EPIPE)
		report_warning_errno(
			err, "container \"%s\": showing its output, see %s", id,
			path);
	return err == -ECANCELED ? -1 : 0;
}
