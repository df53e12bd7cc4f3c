// SPDX-License-Identifier: GPL-2.0
/* The tables of purser-oci's command line, see program.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "base/file.h"
#include "base/report.h"
#include "commands.h"
#include "features.h"
#include "launch/launch.h"
#include "program.h"

/* Container engines look for these three lines. */
#define VERSION_TEXT                                                     \
	"purser-oci version " PURSER_VERSION "\ncommit: " PURSER_VERSION \
	"\nspec: " OCI_VERSION_MAX

/* The kernel's own limit of descriptors is lower. */
#define PRESERVE_FDS_MAX 1024

/* clang-format off */
#define TO(member) OPTION_TO(struct oci_options, member)
#define GIVEN(member) .given = offsetof(struct oci_options, member)
#define FLAG(name_, letter_, member, about_)				\
	{ .name = name_, .letter = letter_, .kind = OPTION_FLAG, TO(member), .about = about_ }
#define TEXT(name_, letter_, member, value_, about_)			\
	{ .name = name_, .letter = letter_, .kind = OPTION_STRING, TO(member),	\
	  .value = value_, .about = about_ }
#define LIST(name_, letter_, member, value_, about_)			\
	{ .name = name_, .letter = letter_, .kind = OPTION_LIST, TO(member),	\
	  .value = value_, .about = about_ }

/* What every command takes, before its name or after it. */
#define EVERYWHERE							\
	{ .name = "root", .kind = OPTION_STRING, .early = true, TO(root), .value = "DIR", \
	  .initial_text = "/run/purser-oci",				\
	  .about = "the folder of the containers' state folders" },	\
	{ .name = "log", .kind = OPTION_STRING, .early = true, TO(log), .value = "FILE", \
	  .initial_text = "none",					\
	  .about = "a file that messages are appended to, besides stderr" },	\
	{ .name = "log-format", .kind = OPTION_CHOICE, .early = true, TO(log_format), \
	  .value = "text|json", .initial = "text",			\
	  .about = "how messages are written to the log" },		\
	{ .name = "systemd-cgroup", .kind = OPTION_FLAG, .early = true,	TO(systemd_cgroup), \
	  .about = "as --cgroup-manager systemd" },			\
	{ .name = "cgroup-manager", .kind = OPTION_CHOICE, .early = true, TO(cgroup_manager), \
	  GIVEN(has_cgroup_manager), .value = "cgroupfs|systemd|disabled", \
	  .initial_text = "cgroupfs",					\
	  .about = "who makes the containers' cgroups" },		\
	{ .name = "debug", .kind = OPTION_FLAG, .early = true, TO(debug), \
	  .about = "accepted, and without effect" },			\
	{ .name = "rootless", .kind = OPTION_STRING, .early = true, TO(rootless), \
	  .value = "auto|true|false",					\
	  .about = "accepted, and without effect" },			\
	{ 0 }

/* What the commands take that hand a process over to the caller. */
#define HAND_OVER							\
	TEXT("pid-file", 0, pid_file, "FILE", "a file that gets the PID of the process"), \
	TEXT("console-socket", 0, console_socket, "SOCKET",		\
	     "a socket that gets the process' terminal"),		\
	TEXT("pidfd-socket", 0, pidfd_socket, "SOCKET", "a socket that gets a pidfd of the process"), \
	{ .name = "preserve-fds", .kind = OPTION_NUMBER, TO(preserve_fds), \
	  .max = PRESERVE_FDS_MAX, .value = "N", .initial = "0",	\
	  .about = "how many descriptors from 3 on the process gets" },	\
	FLAG("no-new-keyring", 0, no_new_keyring, "keep the caller's session keyring")

#define BUNDLE								\
	TEXT("bundle", 'b', bundle, "DIR", "the bundle; by default the working directory"), \
	TEXT("config", 0, config, "FILE", "the configuration in it; by default config.json"), \
	FLAG("no-pivot", 0, no_pivot, "accepted, and without effect"),	\
	FLAG("no-subreaper", 0, no_subreaper, "accepted, and without effect")

static const struct option create_options[] = { BUNDLE, HAND_OVER, EVERYWHERE };

static const struct option run_options[] = {
	BUNDLE, HAND_OVER,
	FLAG("detach", 'd', detach, "do not wait for the end of the container"),
	FLAG("keep", 0, keep, "do not remove the container when it has ended"),
	EVERYWHERE,
};

static const struct option exec_options[] = {
	HAND_OVER,
	TEXT("process", 'p', process, "FILE", "what the process is, as JSON"),
	FLAG("detach", 'd', detach, "do not wait for the end of the process"),
	FLAG("tty", 't', tty, "give the process a terminal"),
	TEXT("cwd", 0, cwd, "DIR", "its working directory in the container"),
	TEXT("user", 'u', user, "UID[:GID]", "its user, and its group"),
	LIST("env", 'e', env, "KEY=VALUE", "set an environment variable; may be given many times"),
	LIST("cap", 'c', caps, "NAME", "add a capability; may be given many times"),
	LIST("additional-gids", 'g', groups, "GID", "add a group; may be given many times"),
	FLAG("no-new-privs", 0, no_new_privs, "set no_new_privs"),
	TEXT("apparmor", 0, apparmor, "PROFILE", "its AppArmor profile"),
	TEXT("process-label", 0, process_label, "LABEL", "its SELinux label"),
	FLAG("ignore-paused", 0, ignore_paused, "accept a paused container; the process waits"),
	EVERYWHERE,
};

static const struct option plain_options[] = { EVERYWHERE };

static const struct option kill_options[] = {
	FLAG("all", 'a', all, "signal all processes in the container's cgroup"),
	EVERYWHERE,
};

static const struct option delete_options[] = {
	FLAG("force", 'f', force, "kill a container that runs; a missing one is no error"),
	EVERYWHERE,
};

#define FORMAT { .name = "format", .letter = 'f', .kind = OPTION_CHOICE, TO(format), \
	.value = "table|json", .initial = "table", .about = "how to print" }

static const struct option list_options[] = {
	FORMAT,
	FLAG("quiet", 'q', quiet, "print the ids alone"),
	EVERYWHERE,
};

static const struct option ps_options[] = { FORMAT, EVERYWHERE };

static const struct option update_options[] = {
	TEXT("resources", 'r', resources, "FILE", "the new resources as JSON; - for stdin"),
	EVERYWHERE,
};

static const struct option events_options[] = {
	FLAG("stats", 0, stats, "print the statistics once, and end"),
	{ .name = "interval", .kind = OPTION_SECONDS, TO(interval_ms), .min = 100,
	  .value = "SECONDS", .initial = "5", .about = "the time between statistics" },
	EVERYWHERE,
};

static const struct option spec_options[] = {
	TEXT("bundle", 'b', bundle, "DIR", "where to write it; by default the working directory"),
	EVERYWHERE,
};

static const struct option id_operand[] = {
	{ .name = "ID", .kind = OPTION_STRING, TO(id) },
	{ 0 },
};

static const struct option kill_operands[] = {
	{ .name = "ID", .kind = OPTION_STRING, TO(id) },
	{ .name = "SIGNAL", .kind = OPTION_STRING, TO(signal) },
	{ 0 },
};
/* clang-format on */

static int open_log(const struct oci_options *options, struct failure *failure)
{
	int fd;

	if (!options->log || !*options->log)
		return 0;
	fd = open(options->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		  0644);
	if (fd < 0)
		return failed_errno(failure, -errno, "opening the log %s",
				    options->log);
	report_log(fd, options->log_format);
	return 0;
}

static int protect(const struct command_line *line, struct failure *failure)
{
	int err = launch_protect_program(line->argv);

	return err ? failed_errno(
			     failure, err,
			     "protecting the program file from containers") :
		     0;
}

#define RUN(name)                                                  \
	static int run_##name(const struct command_line *line,     \
			      struct failure *failure)             \
	{                                                          \
		return open_log(line->options, failure) ?          \
			       -1 :                                \
			       oci_##name(line->options, failure); \
	}
#define RUN_PROTECTED(name)                                        \
	static int run_##name(const struct command_line *line,     \
			      struct failure *failure)             \
	{                                                          \
		return open_log(line->options, failure) ||         \
				       protect(line, failure) ?    \
			       -1 :                                \
			       oci_##name(line->options, failure); \
	}

RUN_PROTECTED(create)
RUN(start)
RUN_PROTECTED(run)
RUN_PROTECTED(exec)
RUN(state)
RUN(list)
RUN(ps)
RUN(kill)
RUN(delete)
RUN(pause)
RUN(resume)
RUN(update)
RUN(events)
RUN(features)
RUN(spec)

static void release(void *options)
{
	struct oci_options *o = options;

	string_list_free(&o->env);
	string_list_free(&o->caps);
	string_list_free(&o->groups);
	string_list_free(&o->command);
}

#define COMMAND(name_, options_, about_)                        \
	.name = #name_, .about = about_, .options = options_,   \
	.size = sizeof(struct oci_options), .release = release, \
	.usage_code = EXIT_FAILED, .run = run_##name_
#define ONE(name_, options_, about_)                                      \
	{                                                                 \
		COMMAND(name_, options_, about_), .forms = { "ID" },      \
						  .operands = id_operand, \
						  .n_needed = 1           \
	}

static const struct command commands[] = {
	ONE(create, create_options,
	    "make a container; its process waits to be started"),
	ONE(start, plain_options, "let the process of a created container run"),
	ONE(run, run_options, "create and start a container"),
	{
		COMMAND(exec, exec_options,
			"run one more process in a container"),
		.forms = { "[OPTION...] ID COMMAND [ARGUMENT...]",
			   "[OPTION...] --process FILE ID" },
		.operands = id_operand,
		.n_needed = 1,
		.passes_on = true,
		.rest_is_plain = true,
		.rest = offsetof(struct oci_options, command),
	},
	ONE(state, plain_options, "print the state of a container as JSON"),
	{
		COMMAND(list, list_options,
			"print the containers below --root"),
	},
	ONE(ps, ps_options, "print the processes in a container"),
	{
		COMMAND(kill, kill_options, "send a signal to a container"),
		.forms = { "ID [SIGNAL]" },
		.operands = kill_operands,
		.n_needed = 1,
	},
	ONE(delete, delete_options, "remove a container that has ended"),
	ONE(pause, plain_options, "freeze all processes of a container"),
	ONE(resume, plain_options,
	    "let the processes of a paused container go on"),
	ONE(update, update_options, "change the resources of a container"),
	ONE(events, events_options,
	    "print what happens to a container, and its statistics"),
	{
		COMMAND(features, plain_options,
			"print what this runtime can do as JSON"),
	},
	{
		COMMAND(spec, spec_options,
			"write a config.json to begin with"),
	},
};

const struct program purser_oci = {
	.name = "purser-oci",
	.commands = commands,
	.n_commands = sizeof(commands) / sizeof(commands[0]),
	.options_anywhere = true,
	.version = VERSION_TEXT,
};
