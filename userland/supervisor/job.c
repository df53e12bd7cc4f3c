// SPDX-License-Identifier: GPL-2.0
/* From a request to the description of a container, see job.h. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/parse_rlimit.h"
#include "environment.h"
#include "init_program.h"
#include "job.h"
#include "policy.h"
#include "privileges.h"
#include "profile.h"

static int make_env(struct launch_job *job)
{
	const struct start_request *request = &job->request;

	request_hostname(request, job->hostname);
	return environment_make(&job->env, job->hostname, &request->env);
}

/*
 * The init program takes its own name before the command's words, and makes a terminal if
 * that is "purser-terminal".
 */
static int use_init(struct launch_job *job, char *const *argv,
		    struct failure *failure)
{
	struct process_spec *process = &job->spec.process;
	size_t n = 0;

	while (argv[n])
		n++;
	process->init_fd = init_program(failure);
	if (process->init_fd < 0)
		return -1;
	job->init_argv = calloc(n + 2, sizeof(*argv));
	if (!job->init_argv)
		return failed_errno(failure, -ENOMEM, "describing it");
	job->init_argv[0] = job->request.terminal ? "purser-terminal" :
						    "purser-init";
	memcpy(job->init_argv + 1, argv, n * sizeof(*argv));
	process->has_init = true;
	process->argv = job->init_argv;
	process->program = argv[0];
	return 0;
}

static int make_spec(struct launch_job *job, char *const *argv,
		     const char *rootfs, const char *state_dir,
		     struct failure *failure)
{
	const struct start_request *request = &job->request;
	struct container_spec *spec = &job->spec;
	struct process_spec *process = &spec->process;

	if (policy_init(spec, failure))
		return -1;
	privileges_set(spec, request);
	if (request->seccomp && *request->seccomp == '{') {
		if (profile_compile(request->seccomp,
				    privileges_capabilities(request),
				    &job->profile, failure))
			return -1;
		process->filter = &job->profile.filter;
		process->filter_flags = job->profile.flags;
	}
	spec->id = request->id;
	spec->hostname = job->hostname;
	spec->root.path = rootfs;
	spec->root.read_only = request->read_only;
	job->state_dir = request->rootfs ? NULL : state_dir;
	if (request->own_network)
		spec->namespaces |= CLONE_NEWNET;
	process->argv = argv;
	if ((request->init || request->terminal) &&
	    use_init(job, argv, failure))
		return -1;
	process->envp = job->env.strings;
	process->cwd = request->cwd;
	if (request->has_nice)
		process->nice = request->nice;
	if (request->has_oom_score_adj)
		process->oom_score_adj = request->oom_score_adj;
	if (job->cpus) {
		process->cpus = job->cpus;
		process->cpus_size = job->cpus_size;
	}
	return 0;
}

struct launch_job *job_new(struct start_request *request, char *const *argv,
			   const char *rootfs, int root_fd,
			   const char *state_dir, int cgroup_fd,
			   struct container_mounts *mounts,
			   struct failure *failure)
{
	struct launch_job *job = calloc(1, sizeof(*job));

	failed_errno(failure, -ENOMEM, "describing it");
	if (!job)
		return NULL;
	/* Until nothing can fail any more, these still belong to the caller. */
	job->request = *request;
	if (make_env(job) ||
	    (request->cpus &&
	     parse_cpu_list(request->cpus, &job->cpus, &job->cpus_size)) ||
	    make_spec(job, argv, rootfs, state_dir, failure)) {
		job->request = (struct start_request){ 0 };
		job_free(job);
		return NULL;
	}
	job->spec.root.fd = root_fd;
	job->spec.cgroup_fd = cgroup_fd;
	job->mounts = *mounts;
	*mounts = (struct container_mounts){ 0 };
	job->spec.mounts = job->mounts.specs;
	job->spec.n_mounts = job->mounts.n;
	*request = (struct start_request){ 0 };
	return job;
}

void job_set_limits(struct launch_job *job,
		    const struct container_rlimits *defaults)
{
	const struct string_list *ulimits = &job->request.ulimits;
	struct process_spec *process = &job->spec.process;

	memcpy(job->limits, defaults->limits,
	       defaults->n * sizeof(*job->limits));
	process->rlimits = job->limits;
	process->n_rlimits = defaults->n;
	for (size_t i = 0; i < ulimits->n; i++) {
		struct resource_limit limit;
		size_t at = 0;

		/* request_check() has parsed it, too. */
		if (parse_rlimit(ulimits->strings[i], &limit.resource,
				 &limit.limit))
			continue;
		while (at < process->n_rlimits &&
		       job->limits[at].resource != limit.resource)
			at++;
		job->limits[at] = limit;
		if (at == process->n_rlimits)
			process->n_rlimits++;
	}
}

void job_set_userns(struct launch_job *job, int userns, uid_t root)
{
	struct container_spec *spec = &job->spec;

	job->userns = (struct namespace_spec){
		.kind = CLONE_NEWUSER,
		.fd = userns,
	};
	job->map = (struct overlay_map){ .userns = userns, .root = root };
	spec->joined = &job->userns;
	spec->n_joined = 1;
	spec->root.is_mapped = !job->state_dir;
	spec->root.userns = userns;
}

int job_begin(struct launch_job *job, const int stdio[3],
	      struct failure *failure)
{
	struct root_spec *root = &job->spec.root;
	int layer __cleanup_close = -1;

	if (job->state_dir) {
		const struct overlay_spec spec = {
			.base = root->path,
			.base_fd = root->fd,
			.state_dir = job->state_dir,
			.reuse = job->request.keep,
			.image_bytes = job->image_bytes,
			.map = job->userns.kind ? &job->map : NULL,
		};

		layer = overlay_mount(&spec, failure);
		if (layer < 0)
			return -1;
		root->fd = layer;
		root->is_mount = true;
	}
	if (launch_begin(&job->launch, &job->spec, stdio, failure))
		return -1;
	job->begun = true;
	return 0;
}

void job_free(struct launch_job *job)
{
	if (!job)
		return;
	if (job->begun)
		launch_end(&job->launch);
	if (job->cpus)
		CPU_FREE(job->cpus);
	string_list_free(&job->env);
	free(job->init_argv);
	mounts_free(&job->mounts);
	seccomp_program_free(&job->profile);
	request_free(&job->request);
	free(job);
}
