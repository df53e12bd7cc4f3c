/* SPDX-License-Identifier: GPL-2.0 */
/* Handing the notify descriptor of a seccomp filter to the agent that answers. */
#ifndef OCI_NOTIFY_H
#define OCI_NOTIFY_H

#include <json-c/json.h>

#include "seccomp/profile.h"

/**
 * notify_send() - send the descriptor to the socket listenerPath of the profile
 * With it goes the state of the container process, as the runtime-spec has it.
 * @pid: of the process that has the filter
 * @state: of its container
 */
int notify_send(const struct seccomp_program *program, int fd, pid_t pid,
		struct json_object *state, struct failure *failure);

#endif /* OCI_NOTIFY_H */
