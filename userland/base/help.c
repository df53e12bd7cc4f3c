// SPDX-License-Identifier: GPL-2.0
/* The help of a program, see help.h. */
#include <stdio.h>
#include <string.h>

#include "help.h"

/* A synopsis does not list more options than that. */
#define MOST_IN_SYNOPSIS 4

static void print_synopsis_options(const struct option *table)
{
	char title[OPTION_TEXT_LEN];
	size_t n = 0;

	for (const struct option *o = table; o->name; o++)
		n += !o->in_synopsis && !o->early;
	if (n > MOST_IN_SYNOPSIS) {
		printf(" [OPTION...]");
		return;
	}
	for (const struct option *o = table; o->name; o++) {
		if (!o->in_synopsis && !o->early)
			printf(" [%s]", option_title(o, title));
	}
}

/* Each way to write it on a line. */
static void print_synopsis(const struct program *program,
			   const struct command *command)
{
	for (int i = 0; i < COMMAND_FORMS; i++) {
		const char *form = command->forms[i];

		if (!form && i)
			break;
		printf("  %s %s%s%s", program->name, command->name,
		       form && *form ? " " : "", form ? form : "");
		if (!(form && strstr(form, "[OPTION...]")))
			print_synopsis_options(command->options);
		putchar('\n');
	}
	printf("        %s\n", command->about);
}

/* What a value may be and what it is if the option is not given. */
static void print_option(const struct option *option)
{
	char title[OPTION_TEXT_LEN], initial[OPTION_TEXT_LEN];
	char range[OPTION_RANGE_LEN];

	option_title(option, title);
	option_range(option, range);
	option_default(option, initial);
	if (option->letter)
		printf("  -%c, %s\n", option->letter, title);
	else
		printf("  %s\n", title);
	printf("        %s", option->about);
	if (*range || *initial)
		printf(" (%s%s%s%s)", range, *range && *initial ? "; " : "",
		       *initial ? "default: " : "", initial);
	putchar('\n');
}

static void print_options(const struct option *table)
{
	for (; table->name; table++)
		print_option(table);
}

void help_print(const struct program *program, const struct command *command)
{
	printf("Usage:\n");
	if (command) {
		print_synopsis(program, command);
		printf("\nOptions:\n");
		print_options(command->options);
		print_options(common_options);
		return;
	}
	for (size_t i = 0; i < program->n_commands; i++)
		print_synopsis(program, &program->commands[i]);
	printf("  %s help [COMMAND]\n  %s [COMMAND] --help\n  %s --version\n",
	       program->name, program->name, program->name);
	printf("\nOptions of all commands:\n");
	print_options(common_options);
	if (program->notes)
		printf("\n%s", program->notes);
}
