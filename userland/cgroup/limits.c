// SPDX-License-Identifier: GPL-2.0
/* The limits of a container's cgroup, see limits.h. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/parse.h"
#include "limits.h"

/* @needed: see struct cgroup_limit */
static int set_text(int cgroup, const char *file, const char *text, bool needed,
		    struct failure *failure)
{
	int err = cgroup < 0 ? -ENOENT : file_write(cgroup, file, text);

	if (!err || (err == -ENOENT && !needed))
		return 0;
	if (err == -ENOENT)
		return failed(
			failure, EXIT_FAILED,
			"there is no %s to set; the supervisor said why when it started",
			file);
	return failed_errno(failure, err, "setting %s of its cgroup", file);
}

static int set_number(int cgroup, const char *file, uint64_t n, bool needed,
		      struct failure *failure)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	return set_text(cgroup, file, text, needed, failure);
}

/*
 * Without a limit of swap the kernel would swap out all pages beyond memory.max, until
 * the machine has no swap left. With it a container can use twice memory.max.
 */
static int set_memory(int cgroup, const struct cgroup_limit *memory,
		      struct failure *failure)
{
	if (set_number(cgroup, "memory.max", memory->max, memory->needed,
		       failure) ||
	    set_number(cgroup, "memory.oom.group", 1, memory->needed, failure))
		return -1;
	/* A kernel may be built without swap accounting. */
	return set_number(cgroup, "memory.swap.max", memory->max, false,
			  failure);
}

static int set_cpus(int cgroup, const char *cpus, struct failure *failure)
{
	char text[4096]; /* the kernel takes no more */
	cpu_set_t *set;
	size_t size;
	int err = parse_cpu_list(cpus, &set, &size);

	if (!err) {
		err = format_cpu_list(set, size, text, sizeof(text));
		CPU_FREE(set);
	}
	if (err)
		return failed_errno(failure, err, "CPU list \"%s\"", cpus);
	return set_text(cgroup, "cpuset.cpus", text, false, failure);
}

/* In each tenth of a second, the whole cgroup may use that much CPU time. */
#define CPU_PERIOD_US 100000

static int set_cpu(int cgroup, uint32_t cpu, struct failure *failure)
{
	char text[48];

	snprintf(text, sizeof(text), "%" PRIu64 " %d",
		 (uint64_t)cpu * CPU_PERIOD_US / 1000, CPU_PERIOD_US);
	return set_text(cgroup, "cpu.max", text, true, failure);
}

/* The file is there only with the cpu controller. */
static int set_weight(int cgroup, int nice, struct failure *failure)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nice);
	return set_text(cgroup, "cpu.weight.nice", text, false, failure);
}

int cgroup_limits_set(int cgroup, const struct cgroup_limits *limits,
		      struct failure *failure)
{
	if (limits->memory.max && set_memory(cgroup, &limits->memory, failure))
		return -1;
	if (limits->pids.max && set_number(cgroup, "pids.max", limits->pids.max,
					   limits->pids.needed, failure))
		return -1;
	if (limits->cpu && set_cpu(cgroup, limits->cpu, failure))
		return -1;
	if (limits->nice && set_weight(cgroup, limits->nice, failure))
		return -1;
	return limits->cpus ? set_cpus(cgroup, limits->cpus, failure) : 0;
}

/* Write a limit or "max". A missing file is an error only if a limit is wanted. */
static int change_number(int cgroup, const char *file,
			 const struct cgroup_limit *limit,
			 struct failure *failure)
{
	if (limit->max)
		return set_number(cgroup, file, limit->max, limit->needed,
				  failure);
	return set_text(cgroup, file, "max", false, failure);
}

int cgroup_limits_change(int cgroup, const struct cgroup_limits *limits,
			 struct failure *failure)
{
	const struct cgroup_limit swap = { .max = limits->memory.max };

	if (change_number(cgroup, "memory.max", &limits->memory, failure) ||
	    change_number(cgroup, "memory.swap.max", &swap, failure) ||
	    (limits->memory.max &&
	     set_number(cgroup, "memory.oom.group", 1, false, failure)) ||
	    change_number(cgroup, "pids.max", &limits->pids, failure))
		return -1;
	return limits->cpus ? set_cpus(cgroup, limits->cpus, failure) : 0;
}

/* Read a limit; 0 stands for "max", or for no such file. */
static int get_number(int cgroup, const char *file, uint64_t *n)
{
	char text[32];
	ssize_t len = file_read(cgroup, file, text, sizeof(text));

	*n = 0;
	if (len < 0)
		return len == -ENOENT ? 0 : len;
	return strcmp(text, "max") ? parse_u64(text, 0, UINT64_MAX, n) : 0;
}

bool cgroup_has_cpu_limit(int folder, const char *name)
{
	char path[NAME_MAX + sizeof("/cpu.max")], text[64];

	snprintf(path, sizeof(path), "%s/cpu.max", name);
	/* Without the controller, there is no such file. */
	return file_read(folder, path, text, sizeof(text)) > 0 &&
	       strncmp(text, "max ", strlen("max "));
}

int cgroup_limits_get(int cgroup, struct cgroup_limits *limits)
{
	int err = get_number(cgroup, "memory.max", &limits->memory.max);

	return err ? err : get_number(cgroup, "pids.max", &limits->pids.max);
}
