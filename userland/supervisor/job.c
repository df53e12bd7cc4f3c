// SPDX-License-Identifier: GPL-2.0
/* From a request to the description of a container, see job.h. */
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "base/parse.h"

#define DEFAULT_PATH \
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static size_t key_length(const char *entry)
{
	return strcspn(entry, "=");
}

/* Enter "KEY=VALUE", in the place of an earlier one with that key. */
static int env_set(struct string_list *env, const char *entry)
{
	size_t len = key_length(entry);

	for (size_t i = 0; i < env->n; i++) {
		char *copy;

		if (key_length(env->strings[i]) != len ||
		    memcmp(env->strings[i], entry, len))
			continue;
		copy = strdup(entry);
		if (!copy)
			return -1;
		free(env->strings[i]);
		env->strings[i] = copy;
		return 0;
	}
	return string_list_add(env, entry);
}

static int make_env(struct launch_job *job)
{
	const struct start_request *request = &job->request;
	char hostname[sizeof("HOSTNAME=") + HOST_NAME_MAX];

	/* As the kernel has it, see launch.h. */
	snprintf(hostname, sizeof(hostname), "HOSTNAME=%.*s", HOST_NAME_MAX,
		 request->id);
	if (env_set(&job->env, DEFAULT_PATH) ||
	    env_set(&job->env, "HOME=/root") || env_set(&job->env, hostname) ||
	    env_set(&job->env, "container=purser"))
		return -1;
	for (size_t i = 0; i < request->env.n; i++) {
		if (env_set(&job->env, request->env.strings[i]))
			return -1;
	}
	return 0;
}

static void make_spec(struct launch_job *job, char *const *argv,
		      const char *rootfs, const char *state_dir)
{
	const struct start_request *request = &job->request;
	struct container_spec *spec = &job->spec;

	container_spec_init(spec);
	spec->id = request->id;
	spec->argv = argv;
	spec->envp = job->env.strings;
	spec->cwd = request->cwd;
	if (request->rootfs)
		spec->rootfs = rootfs;
	else
		spec->overlay_lower = rootfs;
	spec->state_dir = state_dir;
	if (request->own_network)
		spec->namespaces |= CLONE_NEWNET;
	spec->has_nice = request->has_nice;
	spec->nice = request->nice;
	spec->cpus = job->cpus;
	spec->cpus_size = job->cpus_size;
}

struct launch_job *job_new(struct start_request *request, char *const *argv,
			   const char *rootfs, int root_fd,
			   const char *state_dir, int cgroup_fd)
{
	struct launch_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	/* Borrowed until nothing can fail any more. */
	job->request = *request;
	if (make_env(job) ||
	    (request->cpus &&
	     parse_cpu_list(request->cpus, &job->cpus, &job->cpus_size))) {
		job->request = (struct start_request){ 0 };
		job_free(job);
		return NULL;
	}
	make_spec(job, argv, rootfs, state_dir);
	job->spec.root_fd = root_fd;
	job->spec.cgroup_fd = cgroup_fd;
	*request = (struct start_request){ 0 };
	return job;
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
	request_free(&job->request);
	free(job);
}
