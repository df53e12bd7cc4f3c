// SPDX-License-Identifier: GPL-2.0
/* The options of the commands that need no supervisor, see options_words.h. */
#include <string.h>

#include "env_file.h"
#include "options.h"
#include "options_words.h"

/* clang-format off */
#define EXEC(member) OPTION_TO(struct exec_options, member)
const struct option exec_options[] = {
	{ .name = "interactive", .letter = 'i', .kind = OPTION_FLAG, EXEC(interactive),
	  .about = "pass the input on; without it, the command reads from the null device" },
	{ .name = "tty", .letter = 't', .kind = OPTION_FLAG, EXEC(tty),
	  .about = "give the command a terminal of the container" },
	{ .name = "detach", .letter = 'd', .kind = OPTION_FLAG, EXEC(detach),
	  .about = "do not wait for the end of the command; its output is dropped" },
	{ .name = "env", .letter = 'e', .kind = OPTION_LIST, EXEC(env),
	  .value = "KEY[=VALUE]",
	  .about = "set an environment variable, without a value to that of the caller; may be given many times" },
	{ .name = "env-file", .kind = OPTION_LIST, EXEC(env_files),
	  .value = "FILE",
	  .about = "set the variables in a file, one KEY=VALUE or KEY a line; --env replaces them" },
	{ .name = "user", .letter = 'u', .kind = OPTION_STRING, EXEC(user),
	  .value = "USER[:GROUP]", .initial_text = "as in the start of the container",
	  .about = "the user and group, each a number or a name in the container's /etc/passwd and /etc/group" },
	{ .name = "workdir", .letter = 'w', .kind = OPTION_STRING, EXEC(cwd),
	  .value = "DIR", .initial_text = "as in the start of the container",
	  .about = "the command's working directory in the container" },
	{ 0 },
};

const struct option exec_operands[] = {
	{ .name = "ID", .kind = OPTION_STRING, EXEC(id) },
	{ 0 },
};

#define WORDS(member) OPTION_TO(struct words_options, member)
#define JSON(text) { .name = "json", .kind = OPTION_FLAG, WORDS(json), .about = text }

const struct option kill_options[] = {
	{ .name = "signal", .letter = 's', .kind = OPTION_SIGNAL, WORDS(signal),
	  .value = "SIGNAL", .initial = "KILL",
	  .about = "the signal for the first process of the container" },
	RUN_DIR(struct words_options),
	{ 0 },
};

const struct option shutdown_options[] = {
	{ .name = "keep-containers", .kind = OPTION_FLAG, WORDS(keep_containers),
	  .about = "end only the supervisor: the next one takes over the containers" },
	RUN_DIR(struct words_options),
	{ 0 },
};

const struct option wait_options[] = { { 0 } };

const struct option stats_options[] = {
	{ .name = "no-stream", .kind = OPTION_FLAG, WORDS(no_stream),
	  .about = "print the numbers of one second, and exit" },
	JSON("print one JSON object a container and second"),
	{ 0 },
};

const struct option inspect_options[] = { { 0 } };

const struct option events_options[] = {
	{ .name = "since", .kind = OPTION_NUMBER, WORDS(events.since),
	  .given = offsetof(struct words_options, events.has_since), .value = "N",
	  .initial_text = "the number of the last event",
	  .about = "print only events with a number above N, including those of the kernel's log" },
	{ .name = "ready-fd", .kind = OPTION_FD, WORDS(events.ready_fd), .value = "FD",
	  .initial_text = "none",
	  .about = "write a line to this descriptor and close it when no later event can be missed" },
	EVENT_CONTAINER(WORDS(events.filter.containers)),
	EVENT_TYPE(WORDS(events.filter.types)),
	EVENT_REASON(WORDS(events.filter.reasons)),
	EVENT_TIME(WORDS(events.time)),
	{ .name = "no-trunc", .kind = OPTION_FLAG, WORDS(events.no_trunc),
	  .about = "do not shorten texts to fit the terminal" },
	JSON("print one JSON object an event"),
	{ 0 },
};

const struct option info_options[] = {
	JSON("print one JSON object"),
	RUN_DIR(struct words_options),
	{ 0 },
};

const struct option check_options[] = {
	JSON("print one JSON object a check"),
	RUN_DIR(struct words_options),
	{ 0 },
};

const struct option version_options[] = { JSON("print one JSON object"), { 0 } };

const struct option ids_operands[] = {
	{ .name = "ID", .kind = OPTION_LIST, WORDS(ids) },
	{ 0 },
};
/* clang-format on */

int exec_check(void *options, struct failure *failure)
{
	struct exec_options *o = options;

	if (!o->command.n)
		return failed(failure, EXIT_USAGE, "no COMMAND given");
	if (o->detach && (o->interactive || o->tty))
		return failed(
			failure, EXIT_USAGE,
			"--detach cannot be combined with --interactive and --tty: nobody would hold the other side");
	if (o->cwd && o->cwd[0] != '/')
		return failed(failure, EXIT_USAGE,
			      "--workdir: \"%s\" is not an absolute path",
			      o->cwd);
	if (o->user && request_check_user(o->user, failure))
		return -1;
	return env_complete(&o->env_files, &o->env, failure);
}

void exec_release(void *options)
{
	struct exec_options *o = options;

	string_list_free(&o->env);
	string_list_free(&o->env_files);
	string_list_free(&o->command);
}

void words_release(void *options)
{
	struct words_options *o = options;

	string_list_free(&o->ids);
	event_filter_free(&o->events.filter);
}
