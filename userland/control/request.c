// SPDX-License-Identifier: GPL-2.0
/* Encoding of start requests, see request.h; request_check.c checks them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fields.h"
#include "request.h"

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

const char *const restart_policy_names[] = {
	[RESTART_NO] = "no",
	[RESTART_ON_FAILURE] = "on-failure",
	[RESTART_ALWAYS] = "always",
	NULL,
};

const char *const userns_mode_names[] = {
	[USERNS_AUTO] = "auto",
	[USERNS_HOST] = "host",
	NULL,
};

const char *request_hostname(const struct start_request *request,
			     char buf[HOST_NAME_MAX + 1])
{
	snprintf(buf, HOST_NAME_MAX + 1, "%s",
		 request->hostname ? request->hostname : request->id);
	return buf;
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
	{ "hostname", FIELD_STRING, 0, AT(hostname) },
	{ "ulimits", FIELD_STRINGS, 0, AT(ulimits) },
	{ "volumes", FIELD_STRINGS, 0, AT(volumes) },
	{ "tmpfs", FIELD_STRINGS, 0, AT(tmpfs) },
	{ "read_only", FIELD_BOOL, 0, AT(read_only) },
	{ "user", FIELD_STRING, 0, AT(user) },
	{ "cap_add", FIELD_STRINGS, 0, AT(cap_add) },
	{ "cap_drop", FIELD_STRINGS, 0, AT(cap_drop) },
	{ "privileged", FIELD_BOOL, 0, AT(privileged) },
	{ "keep", FIELD_BOOL, 0, AT(keep) },
	{ "init", FIELD_BOOL, 0, AT(init) },
	{ "terminal", FIELD_BOOL, 0, AT(terminal) },
	{ "allow_new_privs", FIELD_BOOL, 0, AT(allow_new_privs) },
	{ "seccomp", FIELD_STRING, 0, AT(seccomp) },
	{ "soft_limit", FIELD_U64, 0, AT(soft_limit) },
	{ "hard_limit", FIELD_U64, 0, AT(hard_limit) },
	{ "own_network", FIELD_BOOL, 0, AT(own_network) },
	{ "userns", FIELD_NAME, GIVEN(userns.chosen), AT(userns.mode),
	  .names = userns_mode_names },
	{ "nice", FIELD_INT, GIVEN(has_nice), AT(nice) },
	{ "oom_score_adj", FIELD_INT, GIVEN(has_oom_score_adj),
	  AT(oom_score_adj) },
	{ "stop_signal", FIELD_INT, 0, AT(stop.signal) },
	{ "stop_timeout_ms", FIELD_U32, GIVEN(stop.has_timeout),
	  AT(stop.timeout_ms) },
	{ "cpu_max", FIELD_U32, FIELD_NOT_ZERO, AT(cpu_max) },
	{ "storage_max", FIELD_U64, GIVEN(storage.chosen), AT(storage.bytes) },
	{ "log_driver", FIELD_NAME, GIVEN(log.has_driver), AT(log.driver),
	  .names = log_driver_names },
	{ "log_max_size", FIELD_U64, FIELD_NOT_ZERO, AT(log.max_size) },
	{ "log_max_files", FIELD_U32, FIELD_NOT_ZERO, AT(log.max_files) },
	{ "memory_max", FIELD_U64, GIVEN(cgroup.has_memory_max),
	  AT(cgroup.memory_max) },
	{ "pids_max", FIELD_U64, GIVEN(cgroup.has_pids_max),
	  AT(cgroup.pids_max) },
	{ "default_command", FIELD_BOOL, 0, AT(default_command) },
	{ "only_id", FIELD_BOOL, 0, AT(only_id) },
	{ "open_stdin", FIELD_BOOL, 0, AT(open_stdin) },
	{ "auto_remove", FIELD_BOOL, 0, AT(auto_remove) },
	{ "restart", FIELD_NAME, 0, AT(restart.policy),
	  .names = restart_policy_names },
	{ "restart_max", FIELD_U32, FIELD_NOT_ZERO, AT(restart.max) },
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
