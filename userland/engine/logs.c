// SPDX-License-Identifier: GPL-2.0
/*
 * "engine logs": the text of a container's log, without what stands before it on
 * each line. Parts of a line that was too long for one are joined again.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "control/connection.h"
#include "commands.h"
#include "log/follow.h"
#include "log/read.h"
#include "logs_place.h"
#include "logs_wait.h"
#include "base/report.h"

static int told(int err, const char *path)
{
	switch (err) {
	case -EPIPE:
		return EXIT_OK;
	case -ECANCELED:
		return EXIT_FAILED;
	case -EACCES:
		report(err, "opening log %s", path);
		return EXIT_NO_PERMISSION;
	}
	if (ferror(stdout))
		report(err, "writing to standard output");
	else
		report(err, "reading log %s", path);
	return EXIT_FAILED;
}

/* Each file of a log is open until it was printed. */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int no_log(const struct logs_options *options,
		  const struct log_place *place)
{
	/* Nothing is known of the container but its id. */
	if (!place->connected && !place->since && !options->log_dir)
		return connection_failed(-ENOENT, options->run_dir);
	report(-ENOENT, "opening log %s", place->path);
	return EXIT_FAILED;
}

/* What cannot be told of bytes without prefixes. */
static int refuse_raw(const struct logs_options *options)
{
	if (!options->print.timestamps &&
	    !log_select_by_prefix(&options->print.select))
		return EXIT_OK;
	report(0,
	       "the log of container \"%s\" is raw: it has no times and streams for --since, --until, --timestamps or --stream",
	       options->id);
	return EXIT_FAILED;
}

/* Open the files, and see what they are. */
static int open_log(const struct logs_options *options,
		    const struct log_place *place, struct log_files *files)
{
	int err = log_files_open(files, place->path);

	if (err == -ENOENT || (!err && !files->n && place->ended))
		return no_log(options, place);
	if (!err && place->has_driver)
		log_files_set_raw(files, place->driver == LOG_DRIVER_RAW);
	else if (!err)
		err = log_files_detect(files);
	if (!err && place->since)
		err = log_files_since(files, place->since);
	if (err)
		return told(err, place->path);
	return files->raw ? refuse_raw(options) : EXIT_OK;
}

static int follow_log(const struct logs_options *options,
		      struct connection *connection,
		      const struct log_place *place, struct log_files *files)
{
	struct end_wait end = {
		.run_dir = options->run_dir,
		.id = options->id,
		.connection = connection,
		.connected = place->connected,
		.ended = place->ended,
	};
	struct log_follow follow = {
		.path = place->path,
		.wait = end_wait,
		.arg = &end,
		.out = stdout,
	};
	int err = log_follow_begin(&follow, files);

	if (!err)
		err = log_read_print(files, &options->print, stdout);
	log_follow_end(&follow, files);
	return err;
}

static int print_log(const struct logs_options *options,
		     struct connection *connection,
		     const struct log_place *place)
{
	struct log_files files;
	int code, err;

	if (place->has_driver && place->driver == LOG_DRIVER_NONE) {
		report(0, "container \"%s\" keeps no log", options->id);
		return EXIT_FAILED;
	}
	allow_many_files();
	code = open_log(options, place, &files);
	if (!code) {
		err = options->follow ?
			      follow_log(options, connection, place, &files) :
			      log_read_print(&files, &options->print, stdout);
		code = err ? told(err, place->path) : finish_output();
	}
	log_files_close(&files);
	return code;
}

int command_logs(const struct logs_options *options)
{
	struct connection connection;
	struct log_place place;
	int code = log_place_find(options, &connection, &place);

	if (!code)
		code = print_log(options, &connection, &place);
	log_place_free(&place);
	connection_close(&connection);
	return code;
}
