// SPDX-License-Identifier: GPL-2.0
/* Checking a container_spec and working out the plan of its launch. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

#define NAMESPACES                                                  \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWCGROUP | CLONE_NEWNET)

void container_spec_init(struct container_spec *spec)
{
	*spec = (struct container_spec){
		.namespaces = NAMESPACES & ~CLONE_NEWNET,
		.root_fd = -1,
		.cgroup_fd = -1,
		.mounts = launch_default_mounts,
		.n_mounts = launch_n_default_mounts,
		.capabilities = launch_default_capabilities,
		.no_new_privs = true,
		.seccomp = true,
		.has_oom_score_adj = true,
	};
}

static int refuse(struct failure *failure, const char *what)
{
	return failed(failure, EXIT_ENGINE, "cannot launch: %s", what);
}

static int check(const struct container_spec *spec, struct failure *failure)
{
	if (!spec->id || !*spec->id)
		return refuse(failure, "no id is given");
	if (!spec->argv || !spec->argv[0] || !spec->envp)
		return refuse(failure, "no command or no environment is given");
	if (!spec->overlay_lower && !spec->rootfs)
		return refuse(failure, "no root is given");
	if (spec->overlay_lower && !spec->state_dir)
		return refuse(failure, "an overlay needs a state folder");
	/* Without it, the host itself would be pivoted into the root. */
	if (!(spec->namespaces & CLONE_NEWNS))
		return refuse(failure, "it needs a mount namespace of its own");
	if (spec->namespaces & ~(uint64_t)NAMESPACES)
		return refuse(
			failure,
			"a namespace of an unsupported kind is asked for");
	if (spec->has_nice && (spec->nice < -20 || spec->nice > 19))
		return refuse(failure, "the nice value is not in -20 to 19");
	if (spec->has_oom_score_adj &&
	    (spec->oom_score_adj < -1000 || spec->oom_score_adj > 1000))
		return refuse(failure, "oom_score_adj is not in -1000 to 1000");
	if (spec->cwd && spec->cwd[0] != '/')
		return refuse(failure,
			      "the working folder is not an absolute path");
	return 0;
}

int plan_create(struct launch_plan **out, const struct container_spec *spec,
		const int stdio[3], struct failure *failure)
{
	struct launch_plan *plan;
	int r;

	r = check(spec, failure);
	if (r)
		return r;
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return no_memory(failure);
	plan->spec = spec;
	plan->child_sync = -1;
	plan->root_tree = -1;
	plan->state_tree = -1;
	memcpy(plan->stdio, stdio, sizeof(plan->stdio));
	snprintf(plan->oom_score_adj, sizeof(plan->oom_score_adj), "%hd",
		 (short)spec->oom_score_adj);

	r = plan_mounts(plan, failure);
	if (!r)
		r = plan_commands(plan, failure);
	if (!r && spec->seccomp)
		r = plan_seccomp(plan, failure);
	/* Last: it alone leaves something outside of this process. */
	if (!r)
		r = plan_rootfs(plan, failure);
	if (r) {
		plan_destroy(plan);
		return r;
	}
	*out = plan;
	return 0;
}

void plan_destroy(struct launch_plan *plan)
{
	if (!plan)
		return;
	plan_rootfs_close(plan);
	plan_mounts_free(plan);
	plan_commands_free(plan);
	free(plan->filter.filter);
	free(plan);
}
