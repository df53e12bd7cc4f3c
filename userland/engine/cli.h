/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line: from words to what a command needs. Nothing here does
 * anything but parse; see Documentation/cli.md for the grammar.
 *
 * Each parser takes the words of the command without the program's and the
 * command's names. It returns 0, CLI_HELP where help was asked for, or a
 * negative errno with @failure filled.
 */
#ifndef ENGINE_CLI_H
#define ENGINE_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "log/read.h"
#include "log/settings.h"
#include "control/request.h"
#include "supervisor/settings.h"

#define CLI_HELP 1

/* Strings are those of the command line or constants. */
struct start_options {
	const char *run_dir;
	struct start_request request; /* for request_free() */
};

struct stop_options {
	const char *run_dir;
	const char *id;
	int signal;
	unsigned int grace_ms;
};

struct ps_options {
	const char *run_dir;
	bool json;
};

struct logs_options {
	const char *run_dir;
	const char *log_dir; /* NULL: not given */
	const char *id;
	bool follow;
	struct log_print print;
};

/**
 * cli_find_command() - the first word that is neither a global option nor the
 * value of one, taken out of @argv
 * Returns 0, CLI_HELP, CLI_VERSION or a negative errno with @failure filled.
 */
#define CLI_VERSION 2
int cli_find_command(int *argc, char **argv, const char **command,
		     struct failure *failure);

int cli_parse_supervisor(int argc, char **argv, struct supervisor_options *o,
			 struct failure *failure);
/* The request is left with nothing to free on error. */
int cli_parse_start(int argc, char **argv, struct start_options *o,
		    struct failure *failure);
int cli_parse_stop(int argc, char **argv, struct stop_options *o,
		   struct failure *failure);
int cli_parse_ps(int argc, char **argv, struct ps_options *o,
		 struct failure *failure);
int cli_parse_logs(int argc, char **argv, struct logs_options *o,
		   struct failure *failure);

#endif /* ENGINE_CLI_H */
