// SPDX-License-Identifier: GPL-2.0
/* The notify descriptor, see notify.h. */
#include <errno.h>

#include "base/object.h"
#include "console.h"
#include "notify.h"

static struct json_object *process_state(const struct seccomp_program *program,
					 pid_t pid, struct json_object *state)
{
	static char *const names[] = { "seccompFd" };
	struct object o = object_new();
	const char *version;

	if (object_get_string(state, "ociVersion", &version))
		version = "";
	object_add_string(&o, "ociVersion", version);
	object_add_strings(&o, "fds", names, 1);
	object_add_int(&o, "pid", pid);
	object_add_string(
		&o, "metadata",
		program->listener_metadata ? program->listener_metadata : "");
	object_add(&o, "state", json_object_get(state));
	return object_done(&o);
}

int notify_send(const struct seccomp_program *program, int fd, pid_t pid,
		struct json_object *state, struct failure *failure)
{
	struct json_object *json = process_state(program, pid, state);
	const char *text = json_line(json, NULL);
	int err;

	if (!text)
		err = failed_errno(failure, -ENOMEM,
				   "sending the notify descriptor");
	else
		err = socket_send_fd(program->listener_path, fd, text, failure);
	json_object_put(json);
	return err;
}
