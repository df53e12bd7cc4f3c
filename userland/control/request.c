// SPDX-License-Identifier: GPL-2.0
/* Start requests: their rules and their form in a message, see request.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/purser.h>

#include "base/parse.h"
#include "protocol.h"
#include "request.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIB	      (1 << 20)

static int check_id(const char *id, struct failure *failure)
{
	int err = check_container_name(id);

	if (err == -ENAMETOOLONG)
		failed(failure, EXIT_FAILED,
		       "container id \"%.80s...\": longer than %d characters",
		       id, PURSER_NAME_MAX);
	else if (err)
		failed(failure, EXIT_FAILED,
		       "container id \"%s\": letters, digits and \"_.+-\" only, the first a letter or a digit",
		       id);
	return err;
}

static int check_token(const char *token, struct failure *failure)
{
	size_t len = strlen(token);

	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)token[i]))
			len = 0;
	}
	if (len >= 1 && len <= TOKEN_MAX)
		return 0;
	return failed(failure, EXIT_FAILED,
		      "token \"%s\": not 1 to %d letters and digits", token,
		      TOKEN_MAX);
}

static int check_log(const struct log_choice *log, struct failure *failure)
{
	if (log->max_size && (log->max_size < LOG_MAX_SIZE_MIN ||
			      log->max_size > LOG_MAX_SIZE_MAX)) {
		return failed(failure, EXIT_FAILED,
			      "log size %llu: not at least %d bytes",
			      (unsigned long long)log->max_size,
			      LOG_MAX_SIZE_MIN);
	}
	if (log->max_files > LOG_MAX_FILES_MAX) {
		return failed(failure, EXIT_FAILED,
			      "log files %u: not from %d to %d", log->max_files,
			      LOG_MAX_FILES_MIN, LOG_MAX_FILES_MAX);
	}
	return 0;
}

struct log_settings log_choose(const struct log_choice *choice,
			       const struct log_settings *defaults)
{
	struct log_settings settings = *defaults;

	if (choice->has_driver)
		settings.driver = choice->driver;
	if (choice->max_size)
		settings.max_size = choice->max_size;
	if (choice->max_files)
		settings.max_files = choice->max_files;
	return settings;
}

static int check_storage(const struct start_request *request,
			 struct failure *failure)
{
	const struct storage_choice *storage = &request->storage;

	if (!storage->chosen || !storage->bytes)
		return 0;
	if (storage->bytes < STORAGE_MIN || storage->bytes > INT64_MAX) {
		return failed(failure, EXIT_FAILED,
			      "storage limit %" PRIu64
			      ": not at least %llu bytes",
			      storage->bytes, STORAGE_MIN);
	}
	if (!request->rootfs)
		return 0;
	return failed(
		failure, EXIT_FAILED,
		"a storage limit is for overlays; rootfs \"%s\" is written as it is",
		request->rootfs);
}

static int check_cpus(const char *cpus, struct failure *failure)
{
	cpu_set_t *set;
	size_t size;
	int err = parse_cpu_list(cpus, &set, &size);

	if (err) {
		failed(failure, EXIT_FAILED, "CPU list \"%s\": %s", cpus,
		       err == -ERANGE ? "no such CPU" :
		       err == -EINVAL ? "not a list as \"0,2-3\"" :
					strerror(-err));
		return err;
	}
	CPU_FREE(set);
	return 0;
}

int request_check(const struct start_request *request, struct failure *failure)
{
	int err = check_id(request->id, failure);

	if (err)
		return err;
	if (!request->command.n || !request->command.strings[0][0]) {
		return failed(failure, EXIT_FAILED,
			      "container \"%s\": the command is empty",
			      request->id);
	}
	if (request->rootfs && request->rootfs[0] != '/') {
		return failed(failure, EXIT_FAILED,
			      "rootfs \"%s\": not an absolute path",
			      request->rootfs);
	}
	if (request->cwd && request->cwd[0] != '/') {
		return failed(failure, EXIT_FAILED,
			      "working directory \"%s\": not an absolute path",
			      request->cwd);
	}
	if (request->hard_limit && request->soft_limit > request->hard_limit) {
		return failed(
			failure, EXIT_FAILED,
			"soft limit of %g MiB is above the hard limit of %g MiB",
			request->soft_limit / (double)MIB,
			request->hard_limit / (double)MIB);
	}
	if (request->has_nice && (request->nice < -20 || request->nice > 19)) {
		return failed(failure, EXIT_FAILED,
			      "nice value %d: not from -20 to 19",
			      request->nice);
	}
	for (size_t i = 0; i < request->env.n; i++) {
		const char *entry = request->env.strings[i];

		if (entry[0] == '=' || !strchr(entry, '=')) {
			return failed(failure, EXIT_FAILED,
				      "environment \"%s\": not KEY=VALUE",
				      entry);
		}
	}
	if (request->token) {
		err = check_token(request->token, failure);
		if (err)
			return err;
	}
	err = check_log(&request->log, failure);
	if (!err)
		err = check_storage(request, failure);
	if (!err)
		err = wall_check(&request->wall, request->hard_limit, failure);
	if (err)
		return err;
	return request->cpus ? check_cpus(request->cpus, failure) : 0;
}

static struct json_object *encode_list(const struct string_list *list)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < list->n; i++) {
		struct json_object *s = json_object_new_string(
			list->strings[i]);

		if (!s || json_object_array_add(array, s) < 0) {
			json_object_put(s);
			json_object_put(array);
			return NULL;
		}
	}
	return array;
}

static int encode_log(const struct log_choice *log, struct json_object *m)
{
	if ((log->has_driver &&
	     message_set_string(m, "log_driver",
				log_driver_name(log->driver))) ||
	    (log->max_size &&
	     message_set_u64(m, "log_max_size", log->max_size)) ||
	    (log->max_files &&
	     message_set_u64(m, "log_max_files", log->max_files)))
		return -ENOMEM;
	return 0;
}

static int encode_wall(const struct wall_choice *choice, struct json_object *m)
{
	const struct wall *wall = &choice->wall;

	if ((choice->has_memory_max &&
	     message_set_u64(m, "memory_max", wall->memory_max)) ||
	    (choice->has_pids_max &&
	     message_set_u64(m, "pids_max", wall->pids_max)))
		return -ENOMEM;
	return 0;
}

int request_encode(const struct start_request *request, struct json_object *m)
{
	if (message_set_string(m, "id", request->id) ||
	    message_set(m, "command", encode_list(&request->command)) ||
	    message_set(m, "env", encode_list(&request->env)) ||
	    message_set_u64(m, "soft_limit", request->soft_limit) ||
	    message_set_u64(m, "hard_limit", request->hard_limit) ||
	    message_set_bool(m, "own_network", request->own_network) ||
	    (request->rootfs &&
	     message_set_string(m, "rootfs", request->rootfs)) ||
	    (request->cwd && message_set_string(m, "cwd", request->cwd)) ||
	    (request->cpus && message_set_string(m, "cpus", request->cpus)) ||
	    (request->has_nice && message_set_int(m, "nice", request->nice)) ||
	    (request->token &&
	     message_set_string(m, "token", request->token)) ||
	    (request->storage.chosen &&
	     message_set_u64(m, "storage_max", request->storage.bytes)) ||
	    encode_log(&request->log, m) || encode_wall(&request->wall, m))
		return -ENOMEM;
	return 0;
}

/* A missing string stays NULL. */
static int decode_string(struct json_object *m, const char *key, char **out)
{
	const char *s;
	int err = message_get_string(m, key, &s);

	if (err)
		return err == -ENOENT ? 0 : err;
	*out = strdup(s);
	return *out ? 0 : -ENOMEM;
}

/* A missing list stays empty. */
static int decode_list(struct json_object *m, const char *key,
		       struct string_list *list)
{
	struct json_object *array;

	if (!json_object_object_get_ex(m, key, &array))
		return 0;
	if (!json_object_is_type(array, json_type_array))
		return -EINVAL;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *v = json_object_array_get_idx(array, i);
		int err;

		if (!json_object_is_type(v, json_type_string) ||
		    !json_plain_string(v))
			return -EINVAL;
		err = string_list_add(list, json_plain_string(v));
		if (err)
			return err;
	}
	return 0;
}

/* What is missing stays unchosen; on error @field is the one at fault. */
static int decode_log(struct json_object *m, struct log_choice *log,
		      const char **field)
{
	const char *driver;
	uint64_t files = 0;
	int err;

	*field = "log_driver";
	err = message_get_string(m, *field, &driver);
	if (!err) {
		err = log_driver_parse(driver, &log->driver);
		log->has_driver = !err;
	}
	if (err && err != -ENOENT)
		return err;
	*field = "log_max_size";
	err = message_get_u64(m, *field, &log->max_size);
	if (err && err != -ENOENT)
		return err;
	*field = "log_max_files";
	err = message_get_u64(m, *field, &files);
	if (err && err != -ENOENT)
		return err;
	/* Whatever is too much is too much, see check_log(). */
	log->max_files = files < UINT32_MAX ? files : UINT32_MAX;
	return 0;
}

/* What is missing stays unchosen; on error @field is the one at fault. */
static int decode_wall(struct json_object *m, struct wall_choice *choice,
		       const char **field)
{
	int err;

	*field = "memory_max";
	err = message_get_u64(m, *field, &choice->wall.memory_max);
	choice->has_memory_max = !err;
	if (err && err != -ENOENT)
		return err;
	*field = "pids_max";
	err = message_get_u64(m, *field, &choice->wall.pids_max);
	choice->has_pids_max = !err;
	return err == -ENOENT ? 0 : err;
}

/* On error @field is the one at fault. */
static int decode_fields(struct json_object *m, struct start_request *request,
			 const char **field)
{
	const struct {
		const char *key;
		char **out;
	} strings[] = {
		{ "id", &request->id },	      { "rootfs", &request->rootfs },
		{ "cwd", &request->cwd },     { "cpus", &request->cpus },
		{ "token", &request->token },
	};
	const struct {
		const char *key;
		struct string_list *out;
	} lists[] = {
		{ "command", &request->command },
		{ "env", &request->env },
	};
	const struct {
		const char *key;
		uint64_t *out;
	} limits[] = {
		{ "soft_limit", &request->soft_limit },
		{ "hard_limit", &request->hard_limit },
	};
	int err = 0;

	for (size_t i = 0; !err && i < ARRAY_SIZE(strings); i++) {
		*field = strings[i].key;
		err = decode_string(m, *field, strings[i].out);
	}
	for (size_t i = 0; !err && i < ARRAY_SIZE(lists); i++) {
		*field = lists[i].key;
		err = decode_list(m, *field, lists[i].out);
	}
	for (size_t i = 0; !err && i < ARRAY_SIZE(limits); i++) {
		*field = limits[i].key;
		err = message_get_u64(m, *field, limits[i].out);
		if (err == -ENOENT)
			err = 0;
	}
	if (err)
		return err;

	*field = "own_network";
	err = message_get_bool(m, *field, &request->own_network);
	if (err && err != -ENOENT)
		return err;
	*field = "nice";
	err = message_get_int(m, *field, &request->nice);
	if (err && err != -ENOENT)
		return err;
	request->has_nice = !err;
	*field = "storage_max";
	err = message_get_u64(m, *field, &request->storage.bytes);
	if (err && err != -ENOENT)
		return err;
	request->storage.chosen = !err;
	err = decode_log(m, &request->log, field);
	if (!err)
		err = decode_wall(m, &request->wall, field);
	if (err)
		return err;
	*field = "id";
	return request->id ? 0 : -EINVAL;
}

int request_decode(struct json_object *m, struct start_request *request,
		   struct failure *failure)
{
	const char *field;
	int err;

	*request = (struct start_request){
		.soft_limit = DEFAULT_SOFT_LIMIT,
		.hard_limit = DEFAULT_HARD_LIMIT,
	};
	err = decode_fields(m, request, &field);
	if (err)
		failed(failure, EXIT_FAILED, "request: field \"%s\": %s", field,
		       err == -ENOMEM ? strerror(ENOMEM) :
					"missing or not of its type");
	else
		err = request_check(request, failure);
	if (err)
		request_free(request);
	return err;
}

void request_free(struct start_request *request)
{
	free(request->id);
	free(request->rootfs);
	free(request->cwd);
	free(request->cpus);
	free(request->token);
	string_list_free(&request->command);
	string_list_free(&request->env);
	*request = (struct start_request){ 0 };
}
