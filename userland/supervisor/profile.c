// SPDX-License-Identifier: GPL-2.0
/* The seccomp profile of a request, see profile.h. */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "document/document.h"
#include "profile.h"
#include "seccomp/docker.h"

static int compile(struct json_object *json, uint64_t capabilities,
		   struct seccomp_program *program, struct failure *failure)
{
	struct docker_target target = { .capabilities = capabilities };
	struct utsname kernel;

	if (uname(&kernel) < 0)
		return failed_errno(failure, -errno, "uname()");
	target.kernel = kernel.release;
	if (docker_profile_resolve(json, &target))
		return failed_errno(failure, -ENOMEM, "its conditions");
	if (seccomp_compile(program, json, failure))
		return -1;
	if (program->listener_path)
		return failed(
			failure, EXIT_FAILED,
			"SCMP_ACT_NOTIFY needs an agent, and there is none");
	return 0;
}

int profile_compile(const char *text, uint64_t capabilities,
		    struct seccomp_program *program, struct failure *failure)
{
	struct json_object *json;
	int err;

	*program = (struct seccomp_program){ 0 };
	err = document_parse(text, strlen(text), &json, failure);
	if (!err) {
		err = compile(json, capabilities, program, failure);
		/* These belong to the JSON. */
		program->listener_path = NULL;
		program->listener_metadata = NULL;
		json_object_put(json);
	}
	if (err)
		failure_prefix(failure, "seccomp profile: ");
	return err;
}
