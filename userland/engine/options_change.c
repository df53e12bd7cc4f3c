// SPDX-License-Identifier: GPL-2.0
/* The options of the commands that change containers, see options_change.h. */
#include <linux/purser.h>

#include "options.h"
#include "options_change.h"

/* clang-format off */
#define STOP(member) OPTION_TO(struct stop_options, member)
const struct option stop_options[] = {
	{ .name = "signal", .letter = 's', .kind = OPTION_SIGNAL, STOP(signal),
	  .value = "SIGNAL", .initial_text = "the container's, or TERM",
	  .about = "the signal that asks the container to end" },
	{ .name = "time", .letter = 't', .kind = OPTION_SECONDS, STOP(grace_ms),
	  .given = offsetof(struct stop_options, has_time),
	  .max = PURSER_GRACE_MAX_MS, .value = "SECONDS",
	  .initial_text = "the container's, or 10",
	  .about = "the time from that signal to SIGKILL" },
	RUN_DIR(struct stop_options),
	{ 0 },
};

const struct option stop_operands[] = {
	{ .name = "ID", .kind = OPTION_LIST, STOP(ids) },
	{ 0 },
};

#define RM(member) OPTION_TO(struct rm_options, member)
const struct option rm_options[] = {
	{ .name = "ended", .kind = OPTION_FLAG, RM(ended),
	  .about = "remove all containers that have ended" },
	{ .name = "force", .letter = 'f', .kind = OPTION_FLAG, RM(force),
	  .about = "kill a container that has not ended" },
	RUN_DIR(struct rm_options),
	{ 0 },
};

const struct option rm_operands[] = {
	{ .name = "ID", .kind = OPTION_LIST, RM(ids) },
	{ 0 },
};

#define SET(member) OPTION_TO(struct set_options, change.member)
#define SET_GIVEN(member) .given = offsetof(struct set_options, change.member)
const struct option set_options[] = {
	{ .name = "soft-mib", .kind = OPTION_MIB, SET(soft_limit),
	  SET_GIVEN(has_soft), .value = "N",
	  .about = "the soft limit in MiB, 0 for none" },
	{ .name = "hard-mib", .kind = OPTION_MIB, SET(hard_limit),
	  SET_GIVEN(has_hard), .value = "N",
	  .about = "the hard limit in MiB, 0 for none" },
	{ .name = "soft", .kind = OPTION_SIZE, SET(soft_limit),
	  SET_GIVEN(has_soft), .min = LIMIT_MIN, .value = "SIZE|none",
	  .about = "the soft limit as a size, such as 48m or 1.5g" },
	{ .name = "hard", .letter = 'm', .kind = OPTION_SIZE, SET(hard_limit),
	  SET_GIVEN(has_hard), .min = LIMIT_MIN, .value = "SIZE|none",
	  .about = "the hard limit as a size" },
	{ .name = "memory-max-mib", .kind = OPTION_MIB, SET(cgroup.memory_max),
	  SET_GIVEN(cgroup.has_memory_max), .min = 1, .value = "N|none",
	  .about = "memory.max of the container's cgroup in MiB" },
	{ .name = "memory-max", .kind = OPTION_SIZE, SET(cgroup.memory_max),
	  SET_GIVEN(cgroup.has_memory_max), .min = LIMIT_MIN,
	  .value = "SIZE|none",
	  .about = "memory.max of the container's cgroup as a size" },
	{ .name = "pids-max", .kind = OPTION_NUMBER, SET(cgroup.pids_max),
	  SET_GIVEN(cgroup.has_pids_max), .min = 1, .max = PIDS_MAX_MAX,
	  .value = "N|none",
	  .about = "the largest number of processes and threads at a time" },
	{ .name = "pids-limit", .kind = OPTION_NUMBER, SET(cgroup.pids_max),
	  SET_GIVEN(cgroup.has_pids_max), .min = 1, .max = PIDS_MAX_MAX,
	  .value = "N|none", .about = "the same as --pids-max" },
	{ .name = "cpus", .kind = OPTION_COPY, SET(cpus), .value = "LIST",
	  .about = "the CPUs that the container may use, such as 0,2-3" },
	RUN_DIR(struct set_options),
	{ 0 },
};

const struct option set_operands[] = {
	{ .name = "ID", .kind = OPTION_STRING,
	  OPTION_TO(struct set_options, id) },
	{ 0 },
};

/* clang-format on */

int set_check(void *options, struct failure *failure)
{
	const struct limits_change *c =
		&((const struct set_options *)options)->change;

	if (c->has_soft || c->has_hard || c->cgroup.has_memory_max ||
	    c->cgroup.has_pids_max || c->cpus)
		return 0;
	return failed(failure, EXIT_USAGE, "no limit given");
}

void set_release(void *options)
{
	struct set_options *o = options;

	limits_change_free(&o->change);
}

void stop_release(void *options)
{
	struct stop_options *o = options;

	string_list_free(&o->ids);
}

int rm_check(void *options, struct failure *failure)
{
	const struct rm_options *o = options;

	if (o->ended && (o->ids.n || o->force))
		return failed(failure, EXIT_USAGE,
			      "--ended takes no ID and no --force");
	if (!o->ended && !o->ids.n)
		return failed(failure, EXIT_USAGE, "no ID given");
	return 0;
}

void rm_release(void *options)
{
	struct rm_options *o = options;

	string_list_free(&o->ids);
}
