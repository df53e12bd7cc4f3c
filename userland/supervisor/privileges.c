// SPDX-License-Identifier: GPL-2.0
/* The user and the privileges that a request asks for, see privileges.h. */
#include <string.h>

#include "base/capability.h"
#include "policy.h"
#include "privileges.h"

static bool has_all(const struct string_list *names)
{
	uint64_t bits;

	for (size_t i = 0; i < names->n; i++)
		if (!parse_capability(names->strings[i], &bits) &&
		    bits == UINT64_MAX)
			return true;
	return false;
}

/* The single capabilities in a list. */
static uint64_t single(const struct string_list *names)
{
	uint64_t all = 0, bits;

	for (size_t i = 0; i < names->n; i++)
		if (!parse_capability(names->strings[i], &bits) &&
		    bits != UINT64_MAX)
			all |= bits;
	return all;
}

/* ALL comes first in both lists, and dropping a capability by name comes last. */
uint64_t privileges_capabilities(const struct start_request *request)
{
	uint64_t keep = policy_capabilities;

	if (has_all(&request->cap_drop))
		keep = 0;
	if (request->privileged || has_all(&request->cap_add))
		keep = UINT64_MAX;
	keep |= single(&request->cap_add);
	return keep & ~single(&request->cap_drop);
}

/* As little between the container and the host as there can be. */
static void set_privileged(struct container_spec *spec)
{
	spec->root.attributes = 0;
	spec->masks = NULL;
	spec->n_masks = 0;
	spec->proc_read_only = false;
	spec->process.no_new_privs = false;
	spec->process.filter = NULL;
}

static bool has_home(const struct string_list *env)
{
	for (size_t i = 0; i < env->n; i++)
		if (!strncmp(env->strings[i], "HOME=", strlen("HOME=")))
			return true;
	return false;
}

void privileges_set(struct container_spec *spec,
		    const struct start_request *request)
{
	struct process_spec *process = &spec->process;

	process->user = request->user;
	process->home_of_user = !has_home(&request->env);
	policy_set_capabilities(process, privileges_capabilities(request));
	if (request->privileged)
		set_privileged(spec);
	if (request->allow_new_privs)
		process->no_new_privs = false;
	if (request->seccomp)
		process->filter = NULL;
}
