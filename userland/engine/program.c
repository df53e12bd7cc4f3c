// SPDX-License-Identifier: GPL-2.0
/* The tables of engine's command line, see program.h. */
#include <signal.h>

#include <linux/purser.h>

#include "base/array.h"
#include "commands.h"
#include "hints.h"
#include "log/settings.h"
#include "options_change.h"
#include "options_ps.h"
#include "options_start.h"
#include "program.h"

/* No machine would give more to the log buffer. */
#define LOG_BUFFER_MAX (1ull << 40)

static int parse_ids(const char *text, void *to)
{
	return ids_parse(text, to);
}

/* clang-format off */
#define SUPERVISOR(member) OPTION_TO(struct supervisor_options, member)
static const struct option supervisor_options[] = {
	{ .name = "state-dir", .kind = OPTION_STRING, .early = true,
	  SUPERVISOR(state_dir), .value = "DIR", .initial = DEFAULT_STATE_DIR,
	  .about = "the directory for the overlays' files" },
	{ .name = "log-dir", .kind = OPTION_STRING, .early = true,
	  SUPERVISOR(log_dir), .value = "DIR", .initial = DEFAULT_LOG_DIR,
	  .about = "the directory for the logs" },
	{ .name = "cgroup-root", .kind = OPTION_STRING, .early = true,
	  SUPERVISOR(cgroup_root), .value = "DIR",
	  .initial_text = "purser below the mount of cgroup v2",
	  .about = "the parent of the containers' cgroups" },
	{ .name = "log-buffer", .kind = OPTION_SIZE, SUPERVISOR(log_buffer),
	  .min = LOG_BUFFER_MIN, .max = LOG_BUFFER_MAX, .value = "SIZE",
	  .initial = "4194304",
	  .about = "the size of the buffer between the containers and their logs" },
	{ .name = "log-driver", .kind = OPTION_CHOICE, SUPERVISOR(log.driver),
	  .value = "cri|raw|none", .initial = "cri",
	  .about = "the default format of logs: lines with times, the bytes as written, or no log" },
	{ .name = "log-max-size", .kind = OPTION_SIZE, SUPERVISOR(log.max_size),
	  .min = LOG_MAX_SIZE_MIN, .value = "SIZE", .initial = "10485760",
	  .about = "the default size at which a log is rotated" },
	{ .name = "log-max-files", .kind = OPTION_NUMBER, SUPERVISOR(log.max_files),
	  .min = LOG_MAX_FILES_MIN, .max = LOG_MAX_FILES_MAX, .value = "N",
	  .initial = "5",
	  .about = "the default number of files of a log" },
	{ .name = "log-reserve", .kind = OPTION_SIZE, SUPERVISOR(log.reserve),
	  .max = LOG_RESERVE_MAX, .value = "SIZE", .initial = "262144",
	  .about = "how much disk space each log allocates in advance" },
	{ .name = "log-give-up", .kind = OPTION_SECONDS, SUPERVISOR(log_give_up_ms),
	  .value = "SECONDS|never", .word = LOG_NEVER, .initial = "10",
	  .about = "how long to wait after a container's end if its log cannot be written" },
	{ .name = "keep-requests", .kind = OPTION_NUMBER,
	  SUPERVISOR(max_requests), .max = KEEP_REQUESTS_MAX, .value = "N",
	  .initial = "1024",
	  .about = "how many ended containers of earlier supervisors can be started again" },
	{ .name = "storage-max", .kind = OPTION_MIB, SUPERVISOR(storage_max),
	  .min = 1, .value = "MIB|none", .initial = "none",
	  .about = "the default limit of what a container may write to its overlay" },
	{ .name = "userns", .kind = OPTION_CHOICE, SUPERVISOR(userns),
	  .value = "auto|host|plain", .initial = "plain",
	  .about = "what --userns of start and run is if it is not given; plain is auto for containers that ask for nothing which only root of the host has" },
	{ .name = "userns-ids", .kind = OPTION_OWN, SUPERVISOR(ids),
	  .parse = parse_ids, .value = "FIRST[:RANGES]",
	  .initial = "1879048192:4094",
	  .wanted = "an id of the host, and how many ranges of 65536 ids begin there",
	  .about = "the user and group ids of the host that containers with a user namespace get" },
	{ .name = "take-over", .kind = OPTION_FLAG, SUPERVISOR(take_over),
	  .about = "take the place of the supervisor that serves the run directory" },
	{ .name = "ready-fd", .kind = OPTION_FD, SUPERVISOR(ready_fd), .value = "N",
	  .initial_text = "none",
	  .about = "write a line to this descriptor and close it when the supervisor accepts requests" },
	RUN_DIR(struct supervisor_options),
	{ 0 },
};

static const struct option supervisor_operands[] = {
	{ .name = "BASE-ROOTFS", .kind = OPTION_STRING, SUPERVISOR(base) },
	{ 0 },
};

#define LOGS(member) OPTION_TO(struct logs_options, member)
#define LOGS_SELECT(member) LOGS(print.select.member)
#define LOGS_GIVEN(member) .given = offsetof(struct logs_options, print.select.member)
static const struct option logs_options[] = {
	{ .name = "follow", .letter = 'f', .kind = OPTION_FLAG, LOGS(follow),
	  .about = "continue with later output until the container has ended" },
	{ .name = "tail", .kind = OPTION_NUMBER, LOGS_SELECT(tail),
	  LOGS_GIVEN(has_tail), .value = "N",
	  .about = "print only the last N of the lines that the other options select" },
	{ .name = "since", .kind = OPTION_TIME, LOGS_SELECT(since),
	  LOGS_GIVEN(has_since), .value = "TIME",
	  .about = "print only lines written at that time or later" },
	{ .name = "until", .kind = OPTION_TIME, LOGS_SELECT(until),
	  LOGS_GIVEN(has_until), .value = "TIME",
	  .about = "print only lines written before that time" },
	{ .name = "timestamps", .kind = OPTION_FLAG, LOGS(print.timestamps),
	  .about = "print the time of each line before the line" },
	{ .name = "stream", .kind = OPTION_CHOICE, LOGS_SELECT(stream),
	  LOGS_GIVEN(one_stream), .value = "stdout|stderr",
	  .about = "print only the lines of one stream" },
	{ .name = "log-dir", .kind = OPTION_STRING, .early = true, LOGS(log_dir),
	  .value = "DIR", .initial_text = DEFAULT_LOG_DIR,
	  .about = "the log directory, if neither a supervisor nor the kernel knows where the log is" },
	RUN_DIR(struct logs_options),
	{ 0 },
};

static const struct option logs_operands[] = {
	{ .name = "ID", .kind = OPTION_STRING, LOGS(id) },
	{ 0 },
};

/* clang-format on */

#define IDS(name)                                                           \
	.options = name##_options, .operands = ids_operands, .n_needed = 1, \
	.forms = { "ID..." }, .size = sizeof(struct words_options),         \
	.release = words_release

#define STOP_COMMAND                                                       \
	.options = stop_options, .operands = stop_operands, .n_needed = 1, \
	.size = sizeof(struct stop_options), .release = stop_release

#define START_COMMAND                                                        \
	.forms = { "ID [ROOTFS [COMMAND [ARGUMENT...]]]",                    \
		   "ID [ROOTFS] [OPTION...] -- COMMAND [ARGUMENT...]" },     \
	.options = start_options, .operands = start_operands, .n_needed = 1, \
	.passes_on = true,                                                   \
	.rest = offsetof(struct start_options, request.command),             \
	.size = sizeof(struct start_options), .release = start_release

static const struct command commands[] = {
	{
		.name = "supervisor",
		.forms = { "BASE-ROOTFS" },
		.about =
			"run the supervisor, with overlays over the base, until SIGTERM",
		.options = supervisor_options,
		.operands = supervisor_operands,
		.n_needed = 1,
		.size = sizeof(struct supervisor_options),
		.run = command_supervisor,
	},
	{
		.name = "shutdown",
		.about =
			"stop all containers and then the supervisor, and wait for its end",
		.options = shutdown_options,
		.size = sizeof(struct words_options),
		.run = command_shutdown,
	},
	{
		.name = "start",
		.about =
			"start a container, with an overlay over the base or with ROOTFS as its root",
		START_COMMAND,
		.check = start_check,
		.run = command_start,
	},
	{
		.name = "run",
		.about =
			"start a container, show its output, and exit with its status when it has ended",
		START_COMMAND,
		.check = run_check,
		.usage_code = EXIT_ENGINE,
		.run = command_run,
	},
	{
		.name = "ps",
		.about =
			"print the supervisor's containers, with the data of the kernel's table",
		.options = ps_options,
		.size = sizeof(struct ps_options),
		.check = ps_check,
		.release = ps_release,
		.run = command_ps,
	},
	{
		.name = "logs",
		.forms = { "ID" },
		.about =
			"print the output of a container, also if no supervisor runs",
		.options = logs_options,
		.operands = logs_operands,
		.n_needed = 1,
		.size = sizeof(struct logs_options),
		.run = command_logs,
	},
	{
		.name = "stop",
		.forms = { "ID..." },
		.about =
			"stop containers: send a signal, and SIGKILL when the time is over",
		STOP_COMMAND,
		.run = command_stop,
	},
	{
		.name = "restart",
		.forms = { "ID..." },
		.about =
			"stop containers and start them as they were; start those that have ended",
		STOP_COMMAND,
		.run = command_restart,
	},
	{
		.name = "set",
		.forms = { "ID [OPTION...]" },
		.about = "change the limits of a container that runs",
		.options = set_options,
		.operands = set_operands,
		.n_needed = 1,
		.size = sizeof(struct set_options),
		.check = set_check,
		.release = set_release,
		.run = command_set,
	},
	{
		.name = "rm",
		.forms = { "ID... [OPTION...]", "--ended [OPTION...]" },
		.about =
			"remove ended containers, with their requests and their logs",
		.options = rm_options,
		.operands = rm_operands,
		.size = sizeof(struct rm_options),
		.check = rm_check,
		.release = rm_release,
		.run = command_rm,
	},
	{
		.name = "exec",
		.forms = { "ID COMMAND [ARGUMENT...]" },
		.about =
			"run a command in a running container, and exit with its status",
		.options = exec_options,
		.operands = exec_operands,
		.n_needed = 1,
		.passes_on = true,
		.rest_is_plain = true,
		.rest = offsetof(struct exec_options, command),
		.size = sizeof(struct exec_options),
		.check = exec_check,
		.release = exec_release,
		.usage_code = EXIT_ENGINE,
		.run = command_exec,
	},
	{
		.name = "kill",
		.about = "send a signal to the first process of containers",
		IDS(kill),
		.run = command_kill,
	},
	{
		.name = "wait",
		.about =
			"wait until containers have ended, print the exit code of each, and exit with the last",
		IDS(wait),
		.run = command_wait,
	},
	{
		.name = "pause",
		.about = "freeze all processes of containers",
		IDS(wait),
		.run = command_pause,
	},
	{
		.name = "unpause",
		.about = "let the processes of paused containers go on",
		IDS(wait),
		.run = command_unpause,
	},
	{
		.name = "stats",
		.about =
			"print what containers use, once a second; without ID: of all that run",
		.forms = { "[ID...]" },
		.options = stats_options,
		.operands = ids_operands,
		.size = sizeof(struct words_options),
		.release = words_release,
		.run = command_stats,
	},
	{
		.name = "inspect",
		.about =
			"print all that is known of containers, as a JSON array",
		IDS(inspect),
		.run = command_inspect,
	},
	{
		.name = "events",
		.about = "print the events of all containers as they happen",
		.options = events_options,
		.size = sizeof(struct words_options),
		.release = words_release,
		.run = command_events,
	},
	{
		.name = "info",
		.about =
			"print the versions, the counters of the module, and whether a supervisor runs",
		.options = info_options,
		.size = sizeof(struct words_options),
		.run = command_info,
	},
	{
		.name = "version",
		.about =
			"print the versions of engine, the module and the kernel",
		.options = version_options,
		.size = sizeof(struct words_options),
		.run = command_version,
	},
	{
		.name = "check",
		.about =
			"print what this machine has of what engine needs, and how to mend what is missing",
		.options = check_options,
		.size = sizeof(struct words_options),
		.run = command_check,
	},
};

const struct program engine_program = {
	.name = "engine",
	.commands = commands,
	.n_commands = ARRAY_SIZE(commands),
	.hint = hint_for,
	.notes =
		"Exit status: 0 done, 1 refused or failed, 2 usage, 3 no supervisor,\n"
		"4 the module is not loaded, 5 no permission; run, exec: the container's or\n"
		"the command's, or 125 if the engine failed; wait: the container's. See engine(8).\n",
};
