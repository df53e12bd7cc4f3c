/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs with commands, described by tables: "PROGRAM COMMAND OPERAND... OPTION...".
 *
 * Options stand anywhere among the operands. From "--" on every word is an operand.
 * Each command also takes --help, --version and --log-format, unless its own table has
 * an option of that name. "PROGRAM help COMMAND" is the same as "PROGRAM COMMAND --help".
 */
#ifndef BASE_COMMAND_H
#define BASE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "options.h"

struct command_line;

#define COMMAND_FORMS 2

/**
 * struct command - one command of a program
 * @forms: what follows its name, in each way to write it. The options are added to
 *	the first one, unless it says "[OPTION...]"
 * @about: one line for the help
 * @options: its options
 * @operands: its operands in their order, or NULL. One of %OPTION_LIST must be the last;
 *	it takes all further words
 * @n_needed: how many of these must be given
 * @passes_on: the words after the last operand are the command line of another
 *	program: they are added to the struct string_list at @rest. The words from "--"
 *	on are such, too, wherever it stands. Options are taken among them, but not
 *	after "--", and neither those that every command has nor short or leading ones.
 * @rest_is_plain: no option is taken once the words of the other program have begun
 * @size: of the struct that the tables fill
 * @check: called at the end, to check and complete the struct; or NULL
 * @release: frees what is in the struct, also after a failure; or NULL
 * @usage_code: the exit status if the command line makes no sense; 0: %EXIT_USAGE
 * @run: does the work. Returns the exit status, or -1 with @failure filled
 */
struct command {
	const char *name;
	const char *forms[COMMAND_FORMS];
	const char *about;
	const struct option *options;
	const struct option *operands;
	size_t n_needed;
	bool passes_on;
	bool rest_is_plain;
	size_t rest;
	size_t size;
	int (*check)(void *options, struct failure *failure);
	void (*release)(void *options);
	int usage_code;
	int (*run)(const struct command_line *line, struct failure *failure);
};

/**
 * struct program - the whole of a program's command line
 * @options_anywhere: all options may stand before the command, not only those that
 *	their tables call early
 * @version: what --version prints; NULL: the name and the version of Purser
 * @notes: printed below the list of commands
 * @hint: returns what to use instead of an unknown command or option, or NULL; may be NULL
 */
struct program {
	const char *name;
	const struct command *commands;
	size_t n_commands;
	bool options_anywhere;
	const char *version;
	const char *notes;
	const char *(*hint)(const char *word);
};

/** struct command_line - what was asked for, for command_line_free() */
struct command_line {
	const struct command *command; /* NULL: none, with @help or @version */
	void *options;		       /* the struct of the command */
	bool help;
	bool version;
	int log_format; /* an enum report_format */
	char **argv;	/* as the program was called */
};

/** common_options - what every command takes */
extern const struct option common_options[];

/**
 * command_line_parse() - read the words of a command line
 * @argv: with the program's own name, as main() has it; strings stay in use
 * command_line_free() is allowed in any case. @line says after a failure, too, which
 * log format was asked for.
 */
int command_line_parse(const struct program *program, int argc, char **argv,
		       struct command_line *line, struct failure *failure);
void command_line_free(struct command_line *line);

#endif /* BASE_COMMAND_H */
