/* SPDX-License-Identifier: GPL-2.0 */
/* Running the hooks of a configuration. */
#ifndef OCI_HOOKS_H
#define OCI_HOOKS_H

#include <sys/types.h>

#include "config.h"

/**
 * struct hook_place - a container whose namespaces hooks run in
 * @process: what a hook is but for its program, arguments and environment
 */
struct hook_place {
	const char *id;
	pid_t pid; /* of its first process, and its pidfd */
	int pidfd;
	int cgroup_fd;
	struct process_spec process;
};

/**
 * hooks_run() - run all hooks of a kind, one after the other
 * @place: NULL: in our own namespaces
 * @state: the state of the container, which each hook gets on its stdin
 * A hook that has not ended after its time-out is killed. Fails with the first hook that
 * fails, and says what that has printed.
 */
int hooks_run(const struct oci_config *config, enum hook_kind kind,
	      const struct hook_place *place, struct json_object *state,
	      struct failure *failure);

/**
 * hooks_run_all() - run every hook of a kind in our own namespaces
 * Reports those that fail, as warnings.
 */
void hooks_run_all(const struct oci_config *config, enum hook_kind kind,
		   struct json_object *state);

#endif /* OCI_HOOKS_H */
