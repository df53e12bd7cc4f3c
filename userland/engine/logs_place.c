// SPDX-License-Identifier: GPL-2.0
/*
 * Where a log is, see logs_place.h. The supervisor knows; without one the record in
 * the kernel's table has the path; where there is none either, the log of a
 * container that was forgotten may still lie where logs are.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "logs_place.h"
#include "base/parse.h"
#include "base/paths.h"
#include "libpurser/purser.h"
#include "base/report.h"

#define NSEC_PER_SEC 1000000000LL

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* From the kernel's clock to the one that logs have. */
static int64_t to_real_time(uint64_t boottime)
{
	return (int64_t)boottime + clock_ns(CLOCK_REALTIME) -
	       clock_ns(CLOCK_BOOTTIME);
}

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

static int copy_path(struct log_place *place, const char *path)
{
	place->path = strdup(path);
	if (place->path)
		return EXIT_OK;
	report(-ENOMEM, "looking for log %s", path);
	return EXIT_FAILED;
}

/* When the container was entered in the table; only its own log came later. */
static int64_t log_begin(uint64_t container)
{
	const struct purser_ref ref = { .id = container };
	struct purser_container record;

	/* It has no record yet: what is in files is none of its. */
	if (!container)
		return clock_ns(CLOCK_REALTIME);
	if (find_record(&ref, &record))
		return 0;
	return to_real_time(record.registered_at);
}

static int take_place(struct json_object *reply, struct log_place *place)
{
	const char *path, *driver;
	uint64_t container;
	int err;

	if (object_get_string(reply, "path", &path) ||
	    object_get_u64(reply, "container", &container) ||
	    object_get_bool(reply, "ended", &place->ended))
		return reply_is_strange();
	err = object_get_string(reply, "driver", &driver);
	if (err && err != -ENOENT)
		return reply_is_strange();
	place->has_driver = !err;
	if (!err && log_driver_parse(driver, &place->driver))
		return reply_is_strange();
	place->since = log_begin(container);
	return copy_path(place, path);
}

/* The next reply, an error too. */
static int receive(struct connection *connection, struct json_object **reply)
{
	struct pollfd fd = { connection->fd, POLLIN, 0 };
	int ret;

	while (!(ret = connection_take(connection, reply)))
		poll(&fd, 1, -1);
	if (ret > 0)
		return EXIT_OK;
	/* It says why. */
	return connection_receive(connection, reply);
}

/*
 * Ask the supervisor that is connected. @known: whether it knows the container;
 * where it does not and @quiet is set, nothing is reported.
 */
static int ask_supervisor(struct connection *connection, const char *id,
			  bool quiet, struct log_place *place, bool *known)
{
	struct object m = message_begin("logs", NULL);
	struct json_object *reply;
	int code;

	*known = true;
	object_add_string(&m, "id", id);
	code = connection_send(connection, object_done(&m));
	if (!code)
		code = receive(connection, &reply);
	if (code)
		return code;
	if (!object_is(reply, "type", "error")) {
		code = take_place(reply, place);
		place->connected = true;
	} else {
		*known = !quiet;
		code = quiet ? EXIT_FAILED : reply_failure(reply);
	}
	json_object_put(reply);
	return code;
}

/* The path in the record's cookie; NULL where it has none. For json_object_put(). */
static const char *cookie_path(const struct purser_container *record,
			       struct json_object **cookie)
{
	struct json_tokener *tokener = json_tokener_new();
	const char *path = NULL;

	*cookie = NULL;
	if (!tokener)
		return NULL;
	*cookie = json_tokener_parse_ex(tokener, (const char *)record->cookie,
					record->cookie_len);
	json_tokener_free(tokener);
	if (!json_object_is_type(*cookie, json_type_object) ||
	    object_get_string(*cookie, "log", &path))
		return NULL;
	return path;
}

/* Returns whether the kernel knows of the container. */
static bool ask_kernel(const char *id, struct log_place *place, int *code)
{
	const struct purser_ref ref = { .name = id };
	struct purser_container record;
	struct json_object *cookie;
	const char *path;

	if (find_record(&ref, &record))
		return false;
	place->ended = record.state == PURSER_STATE_EXITED;
	place->since = to_real_time(record.registered_at);
	path = cookie_path(&record, &cookie);
	if (path)
		*code = copy_path(place, path);
	json_object_put(cookie);
	return path != NULL;
}

static int usual_place(const struct logs_options *options,
		       struct log_place *place)
{
	const char *dir = options->log_dir ? options->log_dir : DEFAULT_LOG_DIR;

	if (check_container_name(options->id)) {
		report(0, "no container \"%s\"", options->id);
		return EXIT_FAILED;
	}
	place->path = path_join(dir, options->id, ".log");
	if (place->path)
		return EXIT_OK;
	report(-ENOMEM, "looking for the log of \"%s\"", options->id);
	return EXIT_FAILED;
}

int log_place_find(const struct logs_options *options,
		   struct connection *connection, struct log_place *place)
{
	int err = connection_try(connection, options->run_dir);
	int code = EXIT_OK;
	bool known;

	*place = (struct log_place){ .ended = true };
	if (err && !connection_is_absent(err))
		return connection_failed(err, options->run_dir);
	if (!err) {
		code = ask_supervisor(connection, options->id, options->log_dir,
				      place, &known);
		if (known)
			return code;
		return usual_place(options, place);
	}
	if (!ask_kernel(options->id, place, &code))
		code = usual_place(options, place);
	return code;
}

void log_place_free(struct log_place *place)
{
	free(place->path);
	place->path = NULL;
}
