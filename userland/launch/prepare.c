// SPDX-License-Identifier: GPL-2.0
/* Checking a spec, and making the plan of its launch. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan.h"

#define NAMESPACES                                                  \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWCGROUP | CLONE_NEWNET | CLONE_NEWUSER | CLONE_NEWTIME)

void process_spec_init(struct process_spec *process)
{
	*process = (struct process_spec){ .umask = 022 };
}

void container_spec_init(struct container_spec *spec)
{
	*spec = (struct container_spec){
		.namespaces = CLONE_NEWNS,
		.root.fd = -1,
		.cgroup_fd = -1,
		.start_gate = -1,
	};
	process_spec_init(&spec->process);
}

static int refuse(struct failure *failure, const char *what)
{
	return failed(failure, EXIT_ENGINE, "cannot launch: %s", what);
}

static int check_process(const struct process_spec *p, struct failure *failure)
{
	size_t i;

	if (!p->argv || !p->argv[0] || !p->envp)
		return refuse(failure, "no command or no environment is given");
	if (p->has_nice && (p->nice < -20 || p->nice > 19))
		return refuse(failure, "the nice value is not in -20 to 19");
	if (p->has_oom_score_adj &&
	    (p->oom_score_adj < -1000 || p->oom_score_adj > 1000))
		return refuse(failure, "oom_score_adj is not in -1000 to 1000");
	if (p->cwd && p->cwd[0] != '/')
		return refuse(failure,
			      "the working folder is not an absolute path");
	for (i = 0; i < p->n_fds; i++)
		if (p->fds[i] < 0)
			return refuse(failure, "a descriptor to keep is none");
	if (p->filter_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER && !p->filter)
		return refuse(failure, "a listener needs a filter");
	if (p->apparmor && p->selinux)
		return refuse(
			failure,
			"a process has one label, of AppArmor or SELinux");
	return 0;
}

/* The namespaces in which the container is and the caller is not. */
static uint64_t other_namespaces(const struct container_spec *spec)
{
	uint64_t kinds = spec->namespaces;
	size_t i;

	for (i = 0; i < spec->n_joined; i++)
		kinds |= spec->joined[i].kind;
	return kinds;
}

static int check_namespaces(const struct container_spec *spec,
			    struct failure *failure)
{
	uint64_t seen = spec->namespaces;
	size_t i;

	/* Without it, pivot_root() would change the host's root. */
	if (!(spec->namespaces & CLONE_NEWNS))
		return refuse(failure, "it needs a mount namespace of its own");
	if (spec->namespaces & ~(uint64_t)NAMESPACES)
		return refuse(
			failure,
			"a namespace of an unsupported kind is asked for");
	for (i = 0; i < spec->n_joined; i++) {
		uint64_t kind = spec->joined[i].kind;

		if (!kind || kind & (kind - 1) ||
		    kind & ~(uint64_t)NAMESPACES || kind & seen)
			return refuse(
				failure,
				"a namespace to join is of no kind, or of one that the container has already");
		seen |= kind;
	}
	if (!!(spec->namespaces & CLONE_NEWUSER) !=
	    (spec->uids.n && spec->gids.n))
		return refuse(
			failure,
			"a user namespace of its own needs maps of user and group ids, and nothing else does");
	if (spec->n_clocks && !(spec->namespaces & CLONE_NEWTIME))
		return refuse(
			failure,
			"clocks can be set in a time namespace of its own alone");
	if ((spec->hostname || spec->domainname) &&
	    !(other_namespaces(spec) & CLONE_NEWUTS))
		return refuse(
			failure,
			"the hostname would be the caller's: it needs a UTS namespace");
	return 0;
}

static int check(const struct container_spec *spec, struct failure *failure)
{
	if (!spec->id || !*spec->id)
		return refuse(failure, "no id is given");
	if (!spec->root.path)
		return refuse(failure, "no root is given");
	if (spec->root.is_mount && spec->pause_before_pivot)
		return refuse(
			failure,
			"its root is a mount, which has no path where hooks could find it");
	if (spec->root.is_mount && spec->root.fd < 0)
		return refuse(failure, "no mount is given for the root");
	if (check_process(&spec->process, failure))
		return -1;
	return check_namespaces(spec, failure);
}

/*
 * The memory that parent and child share is a file, because the process that opens the
 * start gate receives it. Write all of it here, so that the child gets no SIGBUS.
 */
static int make_report(struct launch_plan *plan)
{
	struct launch_report first = { .stage = STAGE_NONE };
	struct quoted id, command;
	void *memory;

	snprintf(first.id, sizeof(first.id), "%s", quote(&id, plan->id));
	snprintf(first.command, sizeof(first.command), "%s",
		 quote(&command, plan_program(plan->process)));
	plan->report_fd = memfd_create("launch", MFD_CLOEXEC);
	if (plan->report_fd < 0 ||
	    pwrite(plan->report_fd, &first, sizeof(first), 0) != sizeof(first))
		return -errno;
	memory = mmap(NULL, sizeof(*plan->report), PROT_READ | PROT_WRITE,
		      MAP_SHARED, plan->report_fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	plan->report = memory;
	return 0;
}

static struct launch_plan *new_plan(const struct process_spec *process,
				    const char *id, int cgroup_fd,
				    const int stdio[3])
{
	struct launch_plan *plan = calloc(1, sizeof(*plan));
	int i;

	if (!plan)
		return NULL;
	plan->process = process;
	plan->id = id;
	plan->cgroup_fd = cgroup_fd;
	plan->ids = (struct launch_ids){
		.uid = process->uid,
		.gid = process->gid,
		.groups = process->groups,
		.n_groups = process->n_groups,
	};
	plan->init_fd = process->has_init ? process->init_fd : -1;
	plan->child_sync = -1;
	plan->report_fd = -1;
	plan->gate = -1;
	plan->root_tree = -1;
	for (i = 0; i < 3; i++)
		plan->stdio[i] = process->terminal ? -1 : stdio[i];
	return plan;
}

static int fill_container(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;

	plan->gate = spec->start_gate;
	if (plan_sysctls(spec, failure) || plan_clocks(plan, failure) ||
	    plan_joins(plan, failure) || plan_mounts(plan, failure) ||
	    plan_nodes(plan, failure) || plan_masks(plan, failure))
		return -1;
	return plan_rootfs(plan, failure);
}

/* Prepare the process, which both kinds of launch have, after everything else. */
static int fill_process(struct launch_plan *plan, struct failure *failure)
{
	int r = make_report(plan);

	if (r)
		return failed(failure, EXIT_ENGINE,
			      "cannot make the memory of a launch: %s",
			      strerror(-r));
	if (plan->process->make_cwd && plan->process->cwd) {
		plan->cwd = strdup(plan->process->cwd);
		if (!plan->cwd)
			return no_memory(failure);
	}
	if (plan_filter(plan, failure) || plan_commands(plan, failure))
		return -1;
	return plan_descriptors(plan, failure);
}

int plan_create(struct launch_plan **out, const struct container_spec *spec,
		const int stdio[3], struct failure *failure)
{
	struct launch_plan *plan;

	if (check(spec, failure))
		return -1;
	plan = new_plan(&spec->process, spec->id, spec->cgroup_fd, stdio);
	if (!plan)
		return no_memory(failure);
	plan->spec = spec;
	if (fill_container(plan, failure) || fill_process(plan, failure)) {
		plan_destroy(plan);
		return -1;
	}
	*out = plan;
	return 0;
}

int plan_create_enter(struct launch_plan **out, const struct enter_spec *spec,
		      const int stdio[3], struct failure *failure)
{
	struct launch_plan *plan;

	if (!spec->id || !*spec->id)
		return refuse(failure, "no id is given");
	if (check_process(&spec->process, failure))
		return -1;
	plan = new_plan(&spec->process, spec->id, spec->cgroup_fd, stdio);
	if (!plan)
		return no_memory(failure);
	if (plan_enter(plan, spec, failure) || fill_process(plan, failure)) {
		plan_destroy(plan);
		return -1;
	}
	*out = plan;
	return 0;
}

void plan_close(struct launch_plan *plan)
{
	size_t i;

	cleanup_close(&plan->root_tree);
	plan->root_tree = -1;
	for (i = 0; plan->spec && plan->mounts && i < plan->spec->n_mounts;
	     i++) {
		cleanup_close(&plan->mounts[i].tree);
		plan->mounts[i].tree = -1;
	}
	for (i = 0; i < plan->n_joins; i++) {
		cleanup_close(&plan->joins[i].fd);
		plan->joins[i].fd = -1;
	}
}

static void free_targets(struct target *targets, size_t n)
{
	size_t i;

	for (i = 0; targets && i < n; i++)
		free(targets[i].path);
	free(targets);
}

void plan_destroy(struct launch_plan *plan)
{
	if (!plan)
		return;
	plan_close(plan);
	if (plan->spec) {
		free_targets(plan->devices, plan->spec->n_devices);
		free_targets(plan->links, plan->spec->n_links);
		free_targets(plan->masks, plan->spec->n_masks);
		plan_mounts_free(plan);
	}
	if (plan->report)
		munmap(plan->report, sizeof(*plan->report));
	cleanup_close(&plan->report_fd);
	cleanup_close(&plan->child_sync);
	free(plan->filter.filter);
	free(plan->console.path);
	free(plan->clocks);
	free(plan->cwd);
	free(plan->joins);
	free(plan->fds);
	free(plan->kept);
	plan_commands_free(plan);
	free(plan);
}
