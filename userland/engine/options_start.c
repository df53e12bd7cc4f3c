// SPDX-License-Identifier: GPL-2.0
/* The options of "engine start" and "engine run", see options_start.h. */
#include <errno.h>

#include "base/paths.h"
#include "options.h"
#include "options_start.h"

/* clang-format off */
#define START(member) OPTION_TO(struct start_options, member)
#define START_GIVEN(member) .given = offsetof(struct start_options, member)
const struct option start_options[] = {
	{ .name = "soft-mib", .kind = OPTION_MIB, START(request.soft_limit),
	  START_GIVEN(has_soft_limit), .value = "N", .initial = "40",
	  .initial_text = "40, or the hard limit if that is lower",
	  .about = "soft limit in MiB, 0 for none: the module makes an event when usage reaches it" },
	{ .name = "hard-mib", .kind = OPTION_MIB, START(request.hard_limit),
	  START_GIVEN(has_hard_limit), .value = "N", .initial = "64",
	  .about = "hard limit in MiB, 0 for none: the module kills the container if usage exceeds it" },
	{ .name = "memory-max-mib", .kind = OPTION_MIB,
	  START(request.cgroup.memory_max),
	  START_GIVEN(request.cgroup.has_memory_max), .min = 1, .value = "N|none",
	  .initial_text = "twice the hard limit, at least 64 MiB above it",
	  .about = "memory.max of the container's cgroup in MiB" },
	{ .name = "pids-max", .kind = OPTION_NUMBER,
	  START(request.cgroup.pids_max),
	  START_GIVEN(request.cgroup.has_pids_max), .min = 1, .max = PIDS_MAX_MAX,
	  .value = "N|none", .initial_text = "2048",
	  .about = "the largest number of processes and threads at a time" },
	{ .name = "storage-max", .kind = OPTION_MIB, START(request.storage.bytes),
	  START_GIVEN(request.storage.chosen), .min = 1, .value = "MIB|none",
	  .initial_text = "the supervisor's",
	  .about = "how much the container may write to its overlay; not with a ROOTFS" },
	{ .name = "nice", .kind = OPTION_NUMBER, START(request.nice),
	  START_GIVEN(request.has_nice), .min = -20, .max = 19, .value = "N",
	  .initial_text = "inherited", .about = "the nice value" },
	{ .name = "cpus", .kind = OPTION_COPY, START(request.cpus), .value = "LIST",
	  .initial_text = "inherited",
	  .about = "the CPUs that the container may use, such as 0,2-3" },
	{ .name = "net", .kind = OPTION_CHOICE, START(request.own_network),
	  .value = "host|none", .initial = "none",
	  .about = "the host's network, or a network of its own with only loopback" },
	{ .name = "env", .kind = OPTION_LIST, START(request.env),
	  .value = "KEY=VALUE",
	  .about = "set an environment variable; may be given many times" },
	{ .name = "cwd", .kind = OPTION_COPY, START(request.cwd), .value = "DIR",
	  .initial_text = "/", .about = "the command's working directory in the container" },
	{ .name = "log-driver", .kind = OPTION_CHOICE, START(request.log.driver),
	  START_GIVEN(request.log.has_driver), .value = "cri|raw|none",
	  .initial_text = "the supervisor's",
	  .about = "the format of the log: lines with times, the bytes as written, or no log" },
	{ .name = "log-max-size", .kind = OPTION_NUMBER, START(request.log.max_size),
	  .min = LOG_MAX_SIZE_MIN, .value = "BYTES", .initial_text = "the supervisor's",
	  .about = "rotate the log before it grows above this size" },
	{ .name = "log-max-files", .kind = OPTION_NUMBER,
	  START(request.log.max_files), .min = LOG_MAX_FILES_MIN,
	  .max = LOG_MAX_FILES_MAX, .value = "N", .initial_text = "the supervisor's",
	  .about = "the number of files of the log, including the current one" },
	RUN_DIR(struct start_options),
	{ 0 },
};

static int parse_rootfs(const char *text, void *to)
{
	char **path = to;

	return *text ? path_absolute(text, path) : -EINVAL;
}

const struct option start_operands[] = {
	{ .name = "ID", .kind = OPTION_COPY, START(request.id) },
	{ .name = "ROOTFS", .kind = OPTION_OWN, START(request.rootfs),
	  .parse = parse_rootfs, .wanted = "a path that is not empty" },
	{ 0 },
};

/* clang-format on */

int start_check(void *options, struct failure *failure)
{
	struct start_options *o = options;
	struct start_request *r = &o->request;

	if (!r->command.n && string_list_add(&r->command, DEFAULT_COMMAND))
		return failed_errno(failure, -ENOMEM, "reading the arguments");
	/* A lower hard limit moves the default of the soft one. */
	if (o->has_hard_limit && !o->has_soft_limit && r->hard_limit &&
	    r->soft_limit > r->hard_limit)
		r->soft_limit = r->hard_limit;
	return request_check(r, failure);
}

void start_release(void *options)
{
	struct start_options *o = options;

	request_free(&o->request);
}
