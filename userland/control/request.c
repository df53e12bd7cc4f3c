// SPDX-License-Identifier: GPL-2.0
/* Checking and encoding of start requests, see request.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/purser.h>

#include "base/fields.h"
#include "base/parse.h"
#include "request.h"

#define MIB (1 << 20)

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
		"a storage limit needs an overlay; rootfs \"%s\" is used without one",
		request->rootfs);
}

static int check_cgroup(const struct start_request *request,
			struct failure *failure)
{
	const struct cgroup_choice *cgroup = &request->cgroup;

	if (cgroup->has_memory_max && cgroup->memory_max &&
	    cgroup->memory_max < request->hard_limit)
		return failed(
			failure, EXIT_FAILED,
			"memory.max of %g MiB is below the hard limit of %g MiB",
			cgroup->memory_max / (double)MIB,
			request->hard_limit / (double)MIB);
	if (cgroup->has_pids_max && cgroup->pids_max > PIDS_MAX_MAX)
		return failed(failure, EXIT_FAILED,
			      "pids.max of %" PRIu64 ": above %d",
			      cgroup->pids_max, PIDS_MAX_MAX);
	return 0;
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
		err = check_cgroup(request, failure);
	if (err)
		return err;
	return request->cpus ? check_cpus(request->cpus, failure) : 0;
}

#define AT(member) .offset = offsetof(struct start_request, member)
#define GIVEN(member) \
	FIELD_GIVEN, .given = offsetof(struct start_request, member)

/* clang-format off */
static const struct field fields[] = {
	{ "id", FIELD_STRING, FIELD_NEEDED, AT(id) },
	{ "rootfs", FIELD_STRING, 0, AT(rootfs) },
	{ "cwd", FIELD_STRING, 0, AT(cwd) },
	{ "cpus", FIELD_STRING, 0, AT(cpus) },
	{ "token", FIELD_STRING, 0, AT(token) },
	{ "command", FIELD_STRINGS, 0, AT(command) },
	{ "env", FIELD_STRINGS, 0, AT(env) },
	{ "soft_limit", FIELD_U64, 0, AT(soft_limit) },
	{ "hard_limit", FIELD_U64, 0, AT(hard_limit) },
	{ "own_network", FIELD_BOOL, 0, AT(own_network) },
	{ "nice", FIELD_INT, GIVEN(has_nice), AT(nice) },
	{ "storage_max", FIELD_U64, GIVEN(storage.chosen), AT(storage.bytes) },
	{ "log_driver", FIELD_NAME, GIVEN(log.has_driver), AT(log.driver),
	  .names = log_driver_names },
	{ "log_max_size", FIELD_U64, FIELD_NOT_ZERO, AT(log.max_size) },
	{ "log_max_files", FIELD_U32, FIELD_NOT_ZERO, AT(log.max_files) },
	{ "memory_max", FIELD_U64, GIVEN(cgroup.has_memory_max),
	  AT(cgroup.memory_max) },
	{ "pids_max", FIELD_U64, GIVEN(cgroup.has_pids_max),
	  AT(cgroup.pids_max) },
	{ 0 },
};
/* clang-format on */

void request_encode(const struct start_request *request, struct object *m)
{
	fields_encode(fields, request, m);
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
	err = fields_decode(fields, m, request, &field);
	if (err)
		failed(failure, EXIT_FAILED, "request: field \"%s\": %s", field,
		       err == -ENOMEM ? strerror(ENOMEM) :
					"missing or not of its type");
	else
		err = request_check(request, failure);
	if (err)
		request_free(request);
	return err ? -1 : 0;
}

void request_free(struct start_request *request)
{
	fields_free(fields, request);
	*request = (struct start_request){ 0 };
}
