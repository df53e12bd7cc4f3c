// SPDX-License-Identifier: GPL-2.0
/* Tests parsing command lines by tables of options, and the texts of the help. */
#include <signal.h>
#include <stddef.h>

#include "base/command.h"
#include "base/strings.h"
#include "tap.h"

struct all {
	bool flag;
	bool given;
	const char *string;
	char *copy;
	struct string_list list;
	int small;
	uint64_t large;
	uint64_t bytes;
	int64_t ms;
	int sig;
	int fd;
	uint8_t choice;
	int64_t time;
	const char *first;
	struct string_list rest;
};

static int ignore(const struct command_line *line, struct failure *failure)
{
	(void)line;
	(void)failure;
	return 0;
}

static int parse_own(const char *text, void *to)
{
	*(const char **)to = text + 1;
	return *text == '+' ? 0 : -EINVAL;
}

#define ALL(member) OPTION_TO(struct all, member)

/* clang-format off */
static const struct option all_options[] = {
	{ .name = "flag", .letter = 'f', .kind = OPTION_FLAG, ALL(flag),
	  .about = "?" },
	{ .name = "string", .letter = 's', .kind = OPTION_STRING, ALL(string),
	  .value = "TEXT", .env = "TEST_OPTIONS_STRING", .initial = "default", .about = "?" },
	{ .name = "copy", .kind = OPTION_COPY, ALL(copy), .value = "TEXT" },
	{ .name = "list", .kind = OPTION_LIST, ALL(list), .value = "TEXT" },
	{ .name = "small", .kind = OPTION_NUMBER, ALL(small),
	  .given = offsetof(struct all, given), .min = -3, .max = 3, .value = "N" },
	{ .name = "large", .kind = OPTION_NUMBER, ALL(large), .min = 1,
	  .value = "N|all", .word = 77, .initial = "all" },
	{ .name = "bytes", .kind = OPTION_MIB, ALL(bytes), .value = "MIB",
	  .initial = "5" },
	{ .name = "ms", .kind = OPTION_SECONDS, ALL(ms), .max = 5000,
	  .value = "SECONDS|never", .word = -1, .initial = "2.5" },
	{ .name = "sig", .kind = OPTION_SIGNAL, ALL(sig), .value = "SIGNAL",
	  .initial = "TERM" },
	{ .name = "fd", .kind = OPTION_FD, ALL(fd), .value = "FD" },
	{ .name = "choice", .kind = OPTION_CHOICE, ALL(choice), .min = 1,
	  .value = "one|two|three", .initial = "two" },
	{ .name = "time", .kind = OPTION_TIME, ALL(time), .value = "TIME" },
	{ .name = "size", .letter = 'z', .kind = OPTION_SIZE, .leading = true,
	  ALL(bytes), .min = 1024, .value = "SIZE|none" },
	{ .name = "own", .kind = OPTION_OWN, ALL(string), .parse = parse_own,
	  .wanted = "a plus and a text", .value = "+TEXT" },
	{ .name = "given", .letter = 'g', .kind = OPTION_FLAG, ALL(given) },
	{ 0 },
};

static const struct option all_operands[] = {
	{ .name = "FIRST", .kind = OPTION_STRING, ALL(first) },
	{ 0 },
};
/* clang-format on */

static void release(void *options)
{
	struct all *all = options;

	free(all->copy);
	string_list_free(&all->list);
	string_list_free(&all->rest);
}

static const struct option list_operands[] = {
	{ .name = "FIRST", .kind = OPTION_STRING, ALL(first) },
	{ .name = "NEXT", .kind = OPTION_LIST, ALL(list) },
	{ 0 },
};

static const struct command commands[] = { {
						   .name = "list",
						   .about = "?",
						   .options = all_options,
						   .operands = list_operands,
						   .n_needed = 2,
						   .size = sizeof(struct all),
						   .release = release,
						   .run = ignore,
					   },
					   {
						   .name = "do",
						   .about = "?",
						   .options = all_options,
						   .operands = all_operands,
						   .passes_on = true,
						   .rest = offsetof(struct all,
								    rest),
						   .size = sizeof(struct all),
						   .release = release,
						   .run = ignore,
					   } };

static const struct program program = {
	.name = "prog",
	.commands = commands,
	.n_commands = 2,
	.options_anywhere = true,
};

static struct command_line line;
static struct failure failure;

/* Parse the words after "prog"; NULL if they are refused. */
#define parse(...) parse_words((char *[]){ "prog", __VA_ARGS__, NULL })

static const struct all *parse_words(char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	command_line_free(&line);
	return command_line_parse(&program, argc, argv, &line, &failure) ?
		       NULL :
		       line.options;
}

static void values(void)
{
	const struct all *all = parse("do");

	ok(all && !strcmp(all->string, "default") && !all->copy &&
		   !all->list.n && !all->flag && !all->given && !all->small,
	   "options have their defaults, or zero");
	ok(all && all->large == 77 && all->bytes == 5 << 20 &&
		   all->ms == 2500 && all->sig == SIGTERM && all->choice == 2,
	   "numbers have their defaults");
	ok(all && all->fd == -1, "a descriptor that is not given is -1");
	all = parse("-s", "a", "do", "x", "-f", "--copy=b", "--list", "c",
		    "--list=", "--small", "-2", "--large=all", "--bytes", "3",
		    "--ms=0.5", "--sig", "int", "--fd", "0", "--choice=three",
		    "--time", "@1.5");
	if (!ok(all, "every kind of option is parsed"))
		printf("# %s\n", failure.text);
	if (!all)
		return;
	is_str(all->string, "a",
	       "a short option with a value before the command is parsed");
	ok(all->flag, "a flag is set");
	is_str(all->copy, "b", "a copied string is set");
	ok(all->list.n == 2 && !strcmp(all->list.strings[0], "c") &&
		   !*all->list.strings[1],
	   "a list has all strings, even empty ones");
	ok(all->small == -2 && all->given,
	   "a small number is set, and that it was given");
	ok(all->large == 77, "a word in place of a number is parsed");
	ok(all->bytes == 3 << 20, "MiB are converted to bytes");
	ok(all->ms == 500, "seconds are converted to milliseconds");
	ok(all->sig == SIGINT && all->fd == 0 && all->choice == 3 &&
		   all->time == 1500000000,
	   "a signal, a descriptor, a choice and a time are parsed");
	all = parse("do", "--ms=never", "--own", "+y");
	ok(all && all->ms == -1 && !strcmp(all->string, "y"),
	   "another word, and a value with its own parser");
	setenv("TEST_OPTIONS_STRING", "e", 1);
	all = parse("do");
	is_str(all ? all->string : NULL, "e",
	       "the environment replaces the default");
	unsetenv("TEST_OPTIONS_STRING");
}

static void refusals(void)
{
	static const char *const table[][2] = {
		{ "--small=4",
		  "do: --small: \"4\" is out of range; it must be a number from -3 to 3" },
		{ "--large=0",
		  "do: --large: \"0\" is out of range; it must be a number, at least 1, or \"all\"" },
		{ "--bytes=x",
		  "do: --bytes: \"x\" is not valid; it must be a whole number of MiB" },
		{ "--ms=6",
		  "do: --ms: \"6\" is out of range; it must be a number of seconds from 0 to 5, with up to three decimals, or \"never\"" },
		{ "--choice=on",
		  "do: --choice: \"on\" is not valid; it must be one of one|two|three" },
		{ "--choice=one|two",
		  "do: --choice: \"one|two\" is not valid; it must be one of one|two|three" },
		{ "--own=x",
		  "do: --own: \"x\" is not valid; it must be a plus and a text" },
		{ "--fd=99999", "do: --fd: \"99999\": Bad file descriptor" },
		{ "--flag=x", "do: --flag takes no value" },
		{ "--copy", "do: --copy needs a value" },
		{ "--cop=x", "do: unknown option \"--cop=x\"" },
		{ "-x", "do: unknown option \"-x\"" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		ok(!parse("do", (char *)table[i][0]), "do %s", table[i][0]);
		is_str(failure.text, table[i][1], "do %s: the reason",
		       table[i][0]);
		is_int(failure.code, EXIT_USAGE, "do %s: the code",
		       table[i][0]);
	}
}

static void rest(void)
{
	const struct all *all = parse("do", "x", "y", "--flag", "--help", "--",
				      "--flag");

	ok(all && all->flag && !line.help && all->rest.n == 4 &&
		   !strcmp(all->rest.strings[1], "--help") &&
		   !strcmp(all->rest.strings[2], "--"),
	   "after the last operand only options of the command are parsed");
	all = parse("do", "-z", "2k", "x", "y", "-f", "-z", "1k", "--size=3k");
	ok(all && !all->flag && all->bytes == 2048 && all->rest.n == 5,
	   "but neither short nor leading ones");
	all = parse("do", "x", "--size", "1.5m", "y");
	ok(all && all->bytes == 3 << 19 && all->rest.n == 1,
	   "a leading option is parsed between operand and command");
	all = parse("do", "--size", "none");
	ok(all && !all->bytes, "a size may be a word, too");
	ok(!parse("do", "--size", "1023") &&
		   !strcmp(failure.text,
			   "do: --size: \"1023\" is out of range; it must be a size such as 4096, 64k, 64m or 1.5g, at least 1024, or \"none\""),
	   "a size that is too small");
	all = parse("do", "--", "--flag");
	ok(all && !all->flag && !all->first && all->rest.n == 1,
	   "after \"--\" no options are parsed");
}

static void texts(void)
{
	static const char *const table[][3] = {
		/* title, range, default */
		{ "--flag", "", "" },
		{ "--string TEXT", "", "$TEST_OPTIONS_STRING or default" },
		{ "--copy TEXT", "", "" },
		{ "--list TEXT", "", "" },
		{ "--small N", "from -3 to 3", "" },
		{ "--large N|all", "at least 1", "all" },
		{ "--bytes MIB", "", "5" },
		{ "--ms SECONDS|never", "from 0 to 5", "2.5" },
		{ "--sig SIGNAL", "", "TERM" },
		{ "--fd FD", "", "" },
		{ "--choice one|two|three", "", "two" },
	};
	char text[OPTION_TEXT_LEN], range[OPTION_RANGE_LEN];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct option *o = &all_options[i];

		is_str(option_title(o, text), table[i][0], "%s: its title",
		       table[i][0]);
		is_str(option_range(o, range), table[i][1], "%s: its range",
		       o->name);
		is_str(option_default(o, text), table[i][2], "%s: its default",
		       o->name);
	}
}

static void letters(void)
{
	const struct all *all = parse("do", "-gf");

	ok(all && all->flag && all->given, "letters of flags can be joined");
	all = parse("do", "-gs", "text");
	ok(all && all->given && !strcmp(all->string, "text"),
	   "the last letter may take a value");
	ok(!parse("do", "-sg", "text"), "no other letter may");
	is_str(failure.text, "do: unknown option \"-sg\"",
	       "the whole word is refused");
	ok(!parse("do", "-gx"), "each letter must be an option");
	ok(!parse("do", "-gs"), "a value that is missing is missed");
	all = parse("do", "first", "second", "-gf");
	ok(all && !all->given && all->rest.n == 2,
	   "letters of the other program are left to it");
}

static void lists(void)
{
	const struct all *all = parse("list", "a", "b", "-f", "c", "--", "-d");

	ok(all && all->flag && !strcmp(all->first, "a") && all->list.n == 3,
	   "the last operand can be a list");
	ok(all && !strcmp(all->list.strings[2], "-d"), "after \"--\", too");
	ok(!parse("list", "a"), "it must have a word");
	is_str(failure.text, "list: no NEXT given", "the error names it");
}

int main(void)
{
	letters();
	lists();
	values();
	refusals();
	rest();
	texts();
	command_line_free(&line);
	return tap_end();
}
