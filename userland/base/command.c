// SPDX-License-Identifier: GPL-2.0
/* Reading a command line, see command.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "strings.h"

const struct option common_options[] = {
	{
		.name = "log-format",
		.kind = OPTION_CHOICE,
		.early = true,
		OPTION_TO(struct command_line, log_format),
		.value = "text|json",
		.initial = "text",
		.about = "the format of errors and messages on stderr",
	},
	{
		.name = "help",
		.letter = 'h',
		.kind = OPTION_FLAG,
		.early = true,
		OPTION_TO(struct command_line, help),
		.about = "print the commands, or the options of a command",
	},
	{
		.name = "version",
		.letter = 'V',
		.kind = OPTION_FLAG,
		.early = true,
		OPTION_TO(struct command_line, version),
		.about = "print the version",
	},
	{ 0 },
};

/* struct parser - one call of command_line_parse() */
struct parser {
	const struct program *program;
	struct command_line *line;
	struct words words;
	int command;	   /* the index of its name */
	size_t n_operands; /* taken until now */
	bool has_list; /* the operand at @n_operands is a list, and not empty */
	bool has_rest; /* the other program's command line has begun */
	struct failure *failure;
};

/* @kind: "command" or "option"; @else_: what to say if the program has no hint */
static int unknown(const struct parser *p, const char *kind, const char *word,
		   const char *else_)
{
	const struct program *program = p->program;
	const char *hint = program->hint ? program->hint(word) : NULL;

	return failed(p->failure, EXIT_USAGE, "unknown %s \"%s\"%s%s", kind,
		      word, hint ? ": " : "", hint ? hint : else_);
}

static int unknown_early(const struct parser *p, const char *kind,
			 const char *word)
{
	char help[80];

	snprintf(help, sizeof(help), "; see %s --help", p->program->name);
	return unknown(p, kind, word, help);
}

/* An option that may stand before the command, of whatever command. */
static const struct option *find_early(const struct program *program,
				       const char *word)
{
	for (size_t i = 0; i < program->n_commands; i++) {
		const struct option *option = option_find(
			program->commands[i].options, word);

		if (option && (option->early || program->options_anywhere))
			return option;
	}
	return option_find(common_options, word);
}

static const struct command *named(const struct program *program,
				   const char *word)
{
	for (size_t i = 0; i < program->n_commands; i++) {
		if (!strcmp(program->commands[i].name, word))
			return &program->commands[i];
	}
	return NULL;
}

/* "help COMMAND" is "COMMAND --help", and "help" alone is "--help". */
static int find_topic(struct parser *p)
{
	const char *word = words_next(&p->words);

	p->line->help = true;
	if (!word)
		return 0;
	p->line->command = named(p->program, word);
	return p->line->command ? 0 : unknown_early(p, "command", word);
}

/*
 * Find the command, and pass over the options before it: they are read with the rest
 * when its table is known. Those that every command has are read here.
 */
static int find_command(struct parser *p)
{
	const struct program *program = p->program;
	const char *word, *value;

	while ((word = words_next(&p->words)) && looks_like_option(word)) {
		const struct option *option = find_early(program, word);

		if (!option && !strcmp(word, "--"))
			break;
		if (!option)
			return unknown_early(p, "option", word);
		if (option_value(option, &p->words, word, &value, p->failure))
			return -1;
		if (option_find(common_options, word) == option &&
		    option_set(option, value, p->line, p->failure))
			return -1;
	}
	if (!word || looks_like_option(word))
		return 0;
	p->command = p->words.next - 1;
	p->line->command = named(program, word);
	if (p->line->command)
		return 0;
	if (!strcmp(word, "help"))
		return find_topic(p);
	return unknown_early(p, "command", word);
}

static int take_rest(struct parser *p, const char *word)
{
	char *options = p->line->options;
	int err = string_list_add(
		(struct string_list *)(options + p->line->command->rest), word);

	p->has_rest = true;
	return failed_if(p->failure, err, "\"%s\"", word);
}

static int take_operand(struct parser *p, const char *word)
{
	const struct command *command = p->line->command;
	const struct option *operand = command->operands;

	if (operand)
		operand += p->n_operands;
	if (operand && operand->name) {
		/* A list takes this operand and all after it. */
		if (operand->kind == OPTION_LIST)
			p->has_list = true;
		else
			p->n_operands++;
		return option_set(operand, word, p->line->options, p->failure);
	}
	if (command->passes_on)
		return take_rest(p, word);
	return failed(p->failure, EXIT_USAGE, "\"%s\" is one argument too many",
		      word);
}

/* Returns 1 if it was an option, 0 if it is none. */
static int take_option(struct parser *p, const char *word)
{
	const struct command *command = p->line->command;
	const struct option *option;
	void *to = p->line->options;
	const char *value;

	option = option_find(command->options, word);
	if (option && p->has_rest && (option->leading || word[1] != '-'))
		return 0;
	if (!option && !p->has_rest) {
		option = option_find(common_options, word);
		to = p->line;
	}
	if (!option)
		return 0;
	if (option_value(option, &p->words, word, &value, p->failure) ||
	    option_set(option, value, to, p->failure))
		return -1;
	return 1;
}

/*
 * Letters of several flags in one word, "-it"; the last one may take a value. Returns 1, or
 * 0 if not all letters are such options.
 */
static int take_letters(struct parser *p, const char *word)
{
	const struct option *table = p->line->command->options;
	const struct option *option;
	char one[] = "-x";

	if (word[0] != '-' || word[1] == '-')
		return 0;
	for (const char *c = word + 1; *c; c++) {
		one[1] = *c;
		option = option_find(table, one);
		if (!option || (c[1] && option->kind != OPTION_FLAG))
			return 0;
	}
	for (const char *c = word + 1; *c; c++) {
		one[1] = *c;
		if (take_option(p, one) < 0)
			return -1;
	}
	return 1;
}

/* All words after "--", which was just taken. */
static int take_operands(struct parser *p)
{
	bool passes_on = p->line->command->passes_on;
	const char *word;
	int err = p->has_rest ? take_rest(p, "--") : 0;

	while (!err && (word = words_next(&p->words)))
		err = passes_on ? take_rest(p, word) : take_operand(p, word);
	if (!err && passes_on && !p->has_rest)
		return failed(p->failure, EXIT_USAGE,
			      "no command after \"--\"");
	return err;
}

static int unknown_option(const struct parser *p, const char *word)
{
	const struct command *command = p->line->command;
	/* The operands are complete: it may be an option of the other program. */
	bool complete = command->passes_on && !command->rest_is_plain &&
			command->operands &&
			!command->operands[p->n_operands].name;

	/* A short one is probably that: "engine run web sh -c true". */
	if (complete && word[1] != '-')
		return failed(
			p->failure, EXIT_USAGE,
			"unknown option \"%s\"; if it belongs to the command to run, write \"--\" before that command",
			word);
	return unknown(p, "option", word, "");
}

static int take_words(struct parser *p)
{
	const char *word;
	int ret;

	p->words.next = 0;
	while ((word = words_next(&p->words))) {
		if (p->words.next - 1 == p->command)
			continue;
		if (p->has_rest && p->line->command->rest_is_plain) {
			if (take_rest(p, word))
				return -1;
			continue;
		}
		if (!strcmp(word, "--"))
			return take_operands(p);
		ret = take_option(p, word);
		if (!ret && !p->has_rest)
			ret = take_letters(p, word);
		if (!ret && looks_like_option(word) && !p->has_rest)
			ret = unknown_option(p, word);
		else if (!ret)
			ret = take_operand(p, word);
		if (ret < 0)
			return -1;
		if (p->line->help)
			return 0;
	}
	return 0;
}

static int take_command(struct parser *p)
{
	const struct command *command = p->line->command;
	struct command_line *line = p->line;

	line->options = calloc(1, command->size);
	if (!line->options)
		return failed_errno(p->failure, -ENOMEM,
				    "reading the command line");
	if (options_begin(command->options, line->options, p->failure) ||
	    take_words(p))
		return -1;
	if (line->help || line->version)
		return 0;
	if (p->n_operands + p->has_list < command->n_needed)
		return failed(p->failure, EXIT_USAGE, "no %s given",
			      command->operands[p->n_operands].name);
	return command->check ? command->check(line->options, p->failure) : 0;
}

/* The text gets the command's name in front. */
static int refused(struct failure *failure, const struct command *command)
{
	struct failure why = *failure;

	return failed(failure,
		      command->usage_code ? command->usage_code : EXIT_USAGE,
		      "%s: %s", command->name, why.text);
}

int command_line_parse(const struct program *program, int argc, char **argv,
		       struct command_line *line, struct failure *failure)
{
	struct parser p = {
		.program = program,
		.line = line,
		.words = { argc ? argc - 1 : 0, argv + 1, 0 },
		.failure = failure,
	};

	*line = (struct command_line){ .argv = argv };
	if (find_command(&p))
		return -1;
	if (line->help || line->version)
		return 0;
	if (line->command)
		return take_command(&p) ? refused(failure, line->command) : 0;
	return failed(failure, EXIT_USAGE, "no command given; see %s --help",
		      program->name);
}

void command_line_free(struct command_line *line)
{
	if (line->options && line->command->release)
		line->command->release(line->options);
	free(line->options);
	line->options = NULL;
}
