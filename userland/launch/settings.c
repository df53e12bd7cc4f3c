// SPDX-License-Identifier: GPL-2.0
/*
 * Settings that the parent makes for a waiting child: scheduling, OOM score, limits. A
 * child in a user namespace could not make them, because the kernel requires capabilities
 * in the host's user namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "plan.h"
#include "raw.h"

#define IOPRIO_WHO_PROCESS 1

/* The kernel's struct sched_attr. Its header conflicts with that of the C library. */
struct scheduler_attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static int cannot(const struct launch_plan *plan, const char *what, int err,
		  struct failure *failure)
{
	return failed(failure, EXIT_ENGINE,
		      "cannot launch \"%s\": cannot set its %s: %s",
		      QUOTE(plan->id), what, strerror(-err));
}

/*
 * The parent has CAP_SYS_RESOURCE, so this also sets oom_score_adj_min: without that
 * capability, the container cannot set a lower value.
 */
static int set_oom_score_adj(pid_t pid, int value)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	snprintf(text, sizeof(text), "%d", value);
	return file_write(AT_FDCWD, path, text);
}

static int set_scheduler(pid_t pid, const struct scheduler_spec *spec)
{
	const struct scheduler_attributes attributes = {
		.size = sizeof(attributes),
		.policy = spec->policy,
		.flags = spec->flags,
		.nice = spec->nice,
		.priority = spec->priority,
		.runtime = spec->runtime,
		.deadline = spec->deadline,
		.period = spec->period,
	};

	return (int)raw(SYS_sched_setattr, pid, &attributes, 0U);
}

/* Raise hard limits if necessary. The child then sets soft and hard limits. */
static int raise_limits(pid_t pid, const struct process_spec *p)
{
	const struct resource_limit *l;

	for (l = p->rlimits; l < p->rlimits + p->n_rlimits; l++) {
		struct rlimit now;

		if (prlimit(pid, l->resource, NULL, &now))
			return -errno;
		if (l->limit.rlim_max <= now.rlim_max)
			continue;
		now.rlim_max = l->limit.rlim_max;
		if (prlimit(pid, l->resource, &now, NULL))
			return -errno;
	}
	return 0;
}

int plan_settings(const struct launch_plan *plan, pid_t pid,
		  struct failure *failure)
{
	const struct process_spec *p = plan->process;
	int r;

	r = p->has_oom_score_adj ? set_oom_score_adj(pid, p->oom_score_adj) : 0;
	if (r)
		return cannot(plan, "oom_score_adj", r, failure);
	r = raise_limits(pid, p);
	if (r)
		return cannot(plan, "limits of resources", r, failure);
	r = p->scheduler ? set_scheduler(pid, p->scheduler) : 0;
	if (r)
		return cannot(plan, "scheduler", r, failure);
	if (p->has_nice && setpriority(PRIO_PROCESS, (id_t)pid, p->nice))
		return cannot(plan, "nice value", -errno, failure);
	r = p->has_io_priority ? (int)raw(SYS_ioprio_set, IOPRIO_WHO_PROCESS,
					  pid, p->io_priority) :
				 0;
	if (r < 0)
		return cannot(plan, "I/O priority", r, failure);
	if (p->cpus && sched_setaffinity(pid, p->cpus_size, p->cpus))
		return failed(
			failure, EXIT_ENGINE,
			"cannot launch \"%s\": cannot bind it to the CPUs asked for: %s",
			QUOTE(plan->id), strerror(errno));
	return 0;
}
