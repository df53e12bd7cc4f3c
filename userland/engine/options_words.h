/* SPDX-License-Identifier: GPL-2.0 */
/* The options of the commands that need no supervisor. */
#ifndef ENGINE_OPTIONS_WORDS_H
#define ENGINE_OPTIONS_WORDS_H

#include <stdbool.h>

#include "base/command.h"
#include "base/options.h"
#include "base/strings.h"
#include "view/follow.h"

struct exec_options {
	const char *id;
	bool interactive;
	bool tty;
	bool detach;
	struct string_list env, env_files;
	const char *user; /* NULL: as in the start request */
	const char *cwd;  /* NULL: as in the start request */
	struct string_list command;
};

/** struct words_options - of all others; each table fills a part */
struct words_options {
	struct string_list ids;
	int signal;
	bool json;
	bool no_stream;
	bool keep_containers;
	const char *run_dir;
	struct event_options events;
};

/* The fields of struct command that the tables determine, for each command. */
extern const struct option exec_options[];
extern const struct option exec_operands[];
int exec_check(void *options, struct failure *failure);
void exec_release(void *options);

extern const struct option kill_options[];
extern const struct option shutdown_options[];
extern const struct option wait_options[];
extern const struct option stats_options[];
extern const struct option inspect_options[];
extern const struct option events_options[];
extern const struct option info_options[];
extern const struct option version_options[];
extern const struct option check_options[];
extern const struct option ids_operands[];
void words_release(void *options);

#endif /* ENGINE_OPTIONS_WORDS_H */
