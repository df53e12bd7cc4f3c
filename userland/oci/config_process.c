// SPDX-License-Identifier: GPL-2.0
/* The process of a configuration, see config_process.h. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#include "base/parse.h"
#include "base/parse_rlimit.h"
#include "base/quote.h"
#include "config_capabilities.h"
#include "config_env.h"
#include "config_process.h"

/* The number -1 means "no id" to the kernel. */
#define ID_MAX	   (UINT32_MAX - 1)
#define GROUPS_MAX 65536
#define UMASK_MAX  0777

static void read_user(struct reader *r, const struct node *process,
		      struct process_spec *spec)
{
	struct node user, groups;
	gid_t *list;

	if (!reader_object(r, process, "user", &user))
		return;
	spec->uid = reader_u32(r, &user, "uid", ID_MAX, 0);
	spec->gid = reader_u32(r, &user, "gid", ID_MAX, 0);
	spec->umask = reader_u32(r, &user, "umask", UMASK_MAX, spec->umask);
	if (!reader_array(r, &user, "additionalGids", GROUPS_MAX, &groups))
		return;
	spec->n_groups = reader_length(r, &groups);
	list = reader_alloc(r, spec->n_groups, sizeof(*list));
	for (size_t i = 0; i < reader_length(r, &groups); i++)
		list[i] = reader_item_u32(r, &groups, i, ID_MAX);
	spec->groups = list;
}

static void read_command(struct reader *r, const struct node *process,
			 struct process_spec *spec)
{
	size_t n;

	spec->argv = reader_strings(r, process, "args", &n);
	if (!spec->argv)
		reader_missing(r, process, "args");
	else if (!n)
		reader_error(r, process, "args", "it is empty");
	spec->envp = read_env(r, process);
	spec->cwd = reader_needed_path(r, process, "cwd");
}

static void read_terminal(struct reader *r, const struct node *process,
			  struct process_spec *spec)
{
	struct node size;

	reader_bool(r, process, "terminal", &spec->terminal);
	/* The spec: it must be ignored without a terminal. */
	if (!spec->terminal || !reader_object(r, process, "consoleSize", &size))
		return;
	spec->rows = (unsigned short)reader_needed_number(r, &size, "height", 0,
							  UINT16_MAX);
	spec->columns = (unsigned short)reader_needed_number(r, &size, "width",
							     0, UINT16_MAX);
}

static int read_resource(struct reader *r, const struct node *item,
			 const char *type)
{
	for (int i = 0; type && rlimit_names[i]; i++)
		if (!strcmp(rlimit_names[i], type))
			return i;
	if (type)
		reader_error(r, item, "type", "\"%s\" is unknown", QUOTE(type));
	return 0;
}

static void read_limit(struct reader *r, const struct node *item,
		       const struct resource_limit *before, size_t n,
		       struct resource_limit *limit)
{
	const char *type = reader_needed_string(r, item, "type");

	limit->resource = read_resource(r, item, type);
	limit->limit.rlim_cur = reader_needed_u64(r, item, "soft");
	limit->limit.rlim_max = reader_needed_u64(r, item, "hard");
	if (limit->limit.rlim_cur > limit->limit.rlim_max)
		reader_error(r, item, "soft", "it is above the hard limit");
	for (size_t i = 0; i < n; i++)
		if (before[i].resource == limit->resource)
			reader_error(r, item, "type", "\"%s\" is there twice",
				     type);
}

static void read_limits(struct reader *r, const struct node *process,
			struct process_spec *spec)
{
	struct resource_limit *list;
	struct node array;

	/* Each may be there once. */
	if (!reader_array(r, process, "rlimits", RLIM_NLIMITS, &array))
		return;
	spec->n_rlimits = reader_length(r, &array);
	list = reader_alloc(r, spec->n_rlimits, sizeof(*list));
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item_object(r, &array, i);

		read_limit(r, &item, list, i, &list[i]);
	}
	spec->rlimits = list;
}

static void read_oom(struct reader *r, const struct node *process,
		     struct process_spec *spec)
{
	int64_t value = 0;

	spec->has_oom_score_adj = reader_number(r, process, "oomScoreAdj",
						-1000, 1000, &value);
	spec->oom_score_adj = (int)value;
}

/* Of the kernel's sched.h, which the C library's header is at odds with. */
#define POLICY_DEADLINE 6

static const struct reader_name policies[] = {
	{ "SCHED_OTHER", SCHED_OTHER },
	{ "SCHED_FIFO", SCHED_FIFO },
	{ "SCHED_RR", SCHED_RR },
	{ "SCHED_BATCH", SCHED_BATCH },
	{ "SCHED_IDLE", SCHED_IDLE },
	{ "SCHED_DEADLINE", POLICY_DEADLINE },
	{ NULL, 0 },
};

static const struct reader_name flags[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", 0x01 },
	{ "SCHED_FLAG_RECLAIM", 0x02 },
	{ "SCHED_FLAG_DL_OVERRUN", 0x04 },
	{ "SCHED_FLAG_KEEP_POLICY", 0x08 },
	{ "SCHED_FLAG_KEEP_PARAMS", 0x10 },
	{ "SCHED_FLAG_UTIL_CLAMP_MIN", 0x20 },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", 0x40 },
	{ NULL, 0 },
};

static void read_scheduler(struct reader *r, const struct node *process,
			   struct process_spec *spec)
{
	struct scheduler_spec *s;
	int64_t nice = 0, priority = 0;
	struct node node, array;

	if (!reader_object(r, process, "scheduler", &node))
		return;
	s = reader_alloc(r, 1, sizeof(*s));
	if (!s)
		return;
	spec->scheduler = s;
	s->policy = (uint32_t)reader_named(
		r, &node, "policy", reader_needed_string(r, &node, "policy"),
		policies);
	reader_number(r, &node, "nice", -20, 19, &nice);
	reader_number(r, &node, "priority", 0, 99, &priority);
	s->nice = (int32_t)nice;
	s->priority = (uint32_t)priority;
	reader_u64(r, &node, "runtime", &s->runtime);
	reader_u64(r, &node, "deadline", &s->deadline);
	reader_u64(r, &node, "period", &s->period);
	if (!reader_array(r, &node, "flags", ITEMS_MAX, &array))
		return;
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item(&array, i);

		s->flags |= (uint64_t)reader_named(
			r, &item, NULL, reader_item_string(r, &array, i),
			flags);
	}
}

/* As ioprio_set(2) has them: the class above 13 bits. */
static const struct reader_name io_classes[] = {
	{ "IOPRIO_CLASS_RT", 1 << 13 },
	{ "IOPRIO_CLASS_BE", 2 << 13 },
	{ "IOPRIO_CLASS_IDLE", 3 << 13 },
	{ NULL, 0 },
};

static void read_io_priority(struct reader *r, const struct node *process,
			     struct process_spec *spec)
{
	struct node node;

	if (!reader_object(r, process, "ioPriority", &node))
		return;
	spec->has_io_priority = true;
	spec->io_priority = (int)reader_named(
		r, &node, "class", reader_needed_string(r, &node, "class"),
		io_classes);
	spec->io_priority |= (int)reader_u32(r, &node, "priority", 7, 0);
}

/* NULL: none are given. */
static const cpu_set_t *read_cpus(struct reader *r, const struct node *node,
				  const char *key, size_t *size)
{
	const char *text = reader_string(r, node, key);
	cpu_set_t *set, *copy;
	int err;

	if (!text)
		return NULL;
	err = parse_cpu_list(text, &set, size);
	if (err) {
		reader_error(r, node, key, "\"%s\": %s", QUOTE(text),
			     err == -ERANGE ?
				     "this machine has no such CPU" :
				     "it is not a list of CPUs, as \"0-3,7\"");
		return NULL;
	}
	copy = reader_alloc(r, 1, *size);
	if (copy)
		memcpy(copy, set, *size);
	CPU_FREE(set);
	return copy;
}

/*
 * What is initial is for a runtime that moves the process into its cgroup. It is checked
 * and not used: here the process is born in the cgroup.
 */
static void read_affinity(struct reader *r, const struct node *process,
			  struct process_notes *notes)
{
	struct node node;
	size_t size;

	if (!reader_object(r, process, "execCPUAffinity", &node))
		return;
	read_cpus(r, &node, "initial", &size);
	notes->exec_cpus = read_cpus(r, &node, "final", &notes->exec_cpus_size);
}

void read_process(struct reader *r, const struct node *process,
		  struct process_spec *spec, struct process_notes *notes)
{
	read_user(r, process, spec);
	read_command(r, process, spec);
	read_terminal(r, process, spec);
	notes->has_env = !r->failed && spec->envp[0];
	notes->has_capabilities = read_capabilities(r, process,
						    &spec->capabilities);
	reader_bool(r, process, "noNewPrivileges", &spec->no_new_privs);
	spec->apparmor = reader_string(r, process, "apparmorProfile");
	spec->selinux = reader_string(r, process, "selinuxLabel");
	read_limits(r, process, spec);
	read_oom(r, process, spec);
	read_scheduler(r, process, spec);
	read_io_priority(r, process, spec);
	read_affinity(r, process, notes);
}
