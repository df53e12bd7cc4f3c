// SPDX-License-Identifier: GPL-2.0
/*
 * "engine logs": print the text of a container's log, without the prefix of each line.
 * The parts of a long line are joined.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/report.h"
#include "commands.h"
#include "control/connection.h"
#include "log/follow.h"
#include "log/print.h"
#include "logs_place.h"
#include "logs_wait.h"

/* @err: of reading or printing; -EPIPE, a closed pipe, is no failure */
static int result(int err, const char *path, struct failure *failure)
{
	switch (err) {
	case 0:
	case -EPIPE:
		return EXIT_OK;
	case -ECANCELED:
		return -1; /* end_wait() has filled it */
	case -EACCES:
		return failed_errno(failure, err, "opening log %s", path);
	}
	if (ferror(stdout))
		return failed_errno(failure, err,
				    "cannot write to standard output");
	return failed_errno(failure, err, "reading log %s", path);
}

/* All files of a log are open until they are printed. */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int no_log(const struct logs_options *options,
		  const struct log_place *place, struct failure *failure)
{
	/* Neither a supervisor nor the kernel knows the container. */
	if (!place->connected && !place->known && !options->log_dir)
		return connection_failed(-ENOENT, options->run_dir, failure);
	return failed_errno(failure, -ENOENT, "opening log %s", place->path);
}

/* A raw log has no prefixes to select by or to print. */
static int refuse_raw(const struct logs_options *options,
		      struct failure *failure)
{
	if (!options->print.timestamps &&
	    !log_select_by_prefix(&options->print.select))
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"the log of container \"%s\" is raw: it has no times and streams for --since, --until, --timestamps or --stream",
		options->id);
}

/* Open the files, and find out whether they are raw. */
static int open_log(const struct logs_options *options,
		    const struct log_place *place, struct log_files *files,
		    struct failure *failure)
{
	int err = log_files_open(files, place->path);

	if (err == -ENOENT || (!err && !files->n && place->ended))
		return no_log(options, place, failure);
	if (!err && place->has_driver)
		log_files_set_raw(files, place->driver == LOG_DRIVER_RAW);
	else if (!err)
		err = log_files_detect(files);
	if (err)
		return result(err, place->path, failure);
	/* Of a forgotten container, show all that is there. */
	if (place->known)
		log_files_last(files);
	return files->raw ? refuse_raw(options, failure) : 0;
}

static int follow_log(const struct logs_options *options,
		      struct connection *connection,
		      const struct log_place *place, struct log_files *files,
		      struct failure *failure)
{
	struct end_wait end = {
		.run_dir = options->run_dir,
		.id = options->id,
		.connection = connection,
		.connected = place->connected,
		.ended = place->ended,
		.failure = failure,
	};
	struct log_follow follow = {
		.path = place->path,
		.wait = end_wait,
		.arg = &end,
		.out = stdout,
	};
	int err = log_follow_begin(&follow, files);

	if (!err)
		err = log_print(files, &options->print, stdout);
	log_follow_end(&follow, files);
	return err;
}

static int print_log(const struct logs_options *options,
		     struct connection *connection,
		     const struct log_place *place, struct failure *failure)
{
	struct log_files files;
	int err;

	if (place->has_driver && place->driver == LOG_DRIVER_NONE)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" keeps no log", options->id);
	allow_many_files();
	err = open_log(options, place, &files, failure);
	if (!err) {
		err = options->follow ?
			      follow_log(options, connection, place, &files,
					 failure) :
			      log_print(&files, &options->print, stdout);
		err = result(err, place->path, failure);
	}
	log_files_close(&files);
	return err;
}

int command_logs(const struct command_line *line, struct failure *failure)
{
	const struct logs_options *options = line->options;
	struct connection connection;
	struct log_place place;
	int err = log_place_find(options, &connection, &place, failure);

	if (!err)
		err = print_log(options, &connection, &place, failure);
	log_place_free(&place);
	connection_close(&connection);
	return err;
}
