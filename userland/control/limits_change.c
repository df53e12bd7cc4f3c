// SPDX-License-Identifier: GPL-2.0
/* New limits of a container that runs, see request.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "request.h"

#define AT(member) .offset = offsetof(struct limits_change, member)
#define GIVEN(member) \
	FIELD_GIVEN, .given = offsetof(struct limits_change, member)

/* clang-format off */
static const struct field fields[] = {
	{ "soft_limit", FIELD_U64, GIVEN(has_soft), AT(soft_limit) },
	{ "hard_limit", FIELD_U64, GIVEN(has_hard), AT(hard_limit) },
	{ "memory_max", FIELD_U64, GIVEN(cgroup.has_memory_max),
	  AT(cgroup.memory_max) },
	{ "pids_max", FIELD_U64, GIVEN(cgroup.has_pids_max),
	  AT(cgroup.pids_max) },
	{ "cpus", FIELD_STRING, 0, AT(cpus) },
	{ 0 },
};
/* clang-format on */

void limits_change_encode(const struct limits_change *change, struct object *m)
{
	fields_encode(fields, change, m);
}

int limits_change_decode(struct json_object *m, struct limits_change *change,
			 struct failure *failure)
{
	const char *field;
	int err;

	*change = (struct limits_change){ 0 };
	err = fields_decode(fields, m, change, &field);
	if (!err)
		return 0;
	limits_change_free(change);
	return failed(failure, EXIT_FAILED, "request: field \"%s\": %s", field,
		      err == -ENOMEM ? strerror(ENOMEM) : "not of its type");
}

void limits_change_free(struct limits_change *change)
{
	fields_free(fields, change);
	*change = (struct limits_change){ 0 };
}

int limits_change_apply(struct limits_change *change,
			struct start_request *request, struct failure *failure)
{
	if (change->has_hard)
		request->hard_limit = change->hard_limit;
	if (change->has_soft)
		request->soft_limit = change->soft_limit;
	else if (request->hard_limit &&
		 request->soft_limit > request->hard_limit)
		request->soft_limit = request->hard_limit;
	if (change->cgroup.has_memory_max) {
		request->cgroup.has_memory_max = true;
		request->cgroup.memory_max = change->cgroup.memory_max;
	}
	if (change->cgroup.has_pids_max) {
		request->cgroup.has_pids_max = true;
		request->cgroup.pids_max = change->cgroup.pids_max;
	}
	if (change->cpus) {
		free(request->cpus);
		request->cpus = change->cpus;
		change->cpus = NULL;
	}
	return request_check(request, failure);
}
