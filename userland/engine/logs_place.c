// SPDX-License-Identifier: GPL-2.0
/*
 * Finding a log, see logs_place.h. The supervisor knows where it is. If none runs, the
 * kernel's record has the path. If there is no record either, the log of a forgotten
 * container may still be in the log directory.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "logs_place.h"
#include "base/parse.h"
#include "base/paths.h"
#include "libpurser/purser.h"
#include "supervisor/settings.h"

static int find_record(const struct purser_ref *ref,
		       struct purser_container *record)
{
	struct purser *purser;
	int err = purser_open(&purser);

	if (err)
		return err;
	err = purser_get(purser, ref, record);
	purser_close(purser);
	return err;
}

static int copy_path(struct log_place *place, const char *path,
		     struct failure *failure)
{
	place->path = strdup(path);
	return place->path ? 0 :
			     failed_errno(failure, -ENOMEM,
					  "looking for log %s", path);
}

static int take_place(struct json_object *reply, struct log_place *place,
		      struct failure *failure)
{
	const char *path, *driver;
	int err;

	if (object_get_string(reply, "path", &path) ||
	    object_get_bool(reply, "ended", &place->ended))
		return reply_is_strange(failure);
	err = object_get_string(reply, "driver", &driver);
	if (err && err != -ENOENT)
		return reply_is_strange(failure);
	place->has_driver = !err;
	if (!err && log_driver_parse(driver, &place->driver))
		return reply_is_strange(failure);
	/* The log of a forgotten container comes without a driver. */
	place->known = place->has_driver;
	place->connected = true;
	return copy_path(place, path, failure);
}

static int usual_place(const struct logs_options *options,
		       struct log_place *place, struct failure *failure)
{
	const char *dir = options->log_dir ? options->log_dir : DEFAULT_LOG_DIR;

	if (check_container_name(options->id))
		return failed(failure, EXIT_FAILED, "no container \"%s\"",
			      options->id);
	place->path = path_join(dir, options->id, ".log");
	return place->path ? 0 :
			     failed_errno(failure, -ENOMEM,
					  "looking for the log of \"%s\"",
					  options->id);
}

/* Wait for the next reply, also one of type "error". */
static int receive(struct connection *connection, struct json_object **reply,
		   struct failure *failure)
{
	struct pollfd fd = { connection->fd, POLLIN, 0 };
	int ret;

	while (!(ret = connection_take(connection, reply)))
		poll(&fd, 1, -1);
	/* This fails in the same way, and fills @failure. */
	return ret > 0 ? 0 : connection_receive(connection, reply, failure);
}

/* Whether the supervisor does not know the container, or does not know it any more. */
static bool is_unknown(struct json_object *reply)
{
	const char *driver;

	return object_is(reply, "type", "error") ||
	       object_get_string(reply, "driver", &driver);
}

/* Ask the supervisor. If it does not know the container, use --log-dir if given. */
static int ask_supervisor(struct connection *connection,
			  const struct logs_options *options,
			  struct log_place *place, struct failure *failure)
{
	struct json_object *reply;
	int err;

	if (connection_logs(connection, options->id, failure) ||
	    receive(connection, &reply, failure))
		return -1;
	if (options->log_dir && is_unknown(reply))
		err = usual_place(options, place, failure);
	else if (object_is(reply, "type", "error"))
		err = reply_failure(reply, failure);
	else
		err = take_place(reply, place, failure);
	json_object_put(reply);
	return err;
}

/* Returns the path in the record's cookie, or NULL. The caller must put @cookie. */
static const char *cookie_path(const struct purser_container *record,
			       struct json_object **cookie)
{
	const char *path = NULL;

	*cookie = object_parse(record->cookie, record->cookie_len);
	if (*cookie)
		object_get_string(*cookie, "log", &path);
	return path;
}

/* Ask the kernel. If it does not know the container, use the usual path. */
static int ask_kernel(const struct logs_options *options,
		      struct log_place *place, struct failure *failure)
{
	const struct purser_ref ref = { .name = options->id };
	struct purser_container record;
	struct json_object *cookie;
	const char *path;
	int err;

	if (find_record(&ref, &record))
		return usual_place(options, place, failure);
	place->ended = record.state == PURSER_STATE_EXITED;
	place->known = true;
	path = cookie_path(&record, &cookie);
	err = path ? copy_path(place, path, failure) :
		     usual_place(options, place, failure);
	json_object_put(cookie);
	return err;
}

int log_place_find(const struct logs_options *options,
		   struct connection *connection, struct log_place *place,
		   struct failure *failure)
{
	int err = connection_try(connection, options->run_dir);

	*place = (struct log_place){ .ended = true };
	if (!err)
		return ask_supervisor(connection, options, place, failure);
	if (!connection_is_absent(err))
		return connection_failed(err, options->run_dir, failure);
	return ask_kernel(options, place, failure);
}

void log_place_free(struct log_place *place)
{
	free(place->path);
	place->path = NULL;
}
