/* SPDX-License-Identifier: GPL-2.0 */
/* Command lines for the tests of their grammar. */
#ifndef WORDS_LINE_H
#define WORDS_LINE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/options.h"
#include "engine/program.h"
#include "tap.h"

#define MAX_WORDS 64

/* As long as an id may be, 127 characters. */
#define TEN	"0123456789"
#define FORTY	TEN TEN TEN TEN
#define LONG_ID FORTY FORTY FORTY "0123+-_"

/* A command line of engine as one string, its words separated by "|". */
struct line {
	char *text;
	char *argv[MAX_WORDS];
	int argc;
	struct command_line parsed;
	struct failure failure;
};

static inline void add_word(struct line *l, char *word)
{
	if (l->argc + 1 == MAX_WORDS)
		bail("too many words");
	l->argv[l->argc++] = word;
}

/* Parse "engine COMMAND TEXT", for forget(); @command may be NULL. */
static inline int parse(struct line *l, const char *command, const char *text)
{
	char *word;

	*l = (struct line){ .text = strdup(text) };
	add_word(l, "engine");
	if (command)
		add_word(l, (char *)command);
	for (word = *text ? l->text : NULL; word;) {
		char *end = strchr(word, '|');

		add_word(l, word);
		if (end)
			*end++ = '\0';
		word = end;
	}
	return command_line_parse(&engine_program, l->argc, l->argv, &l->parsed,
				  &l->failure);
}

static inline void forget(struct line *l)
{
	command_line_free(&l->parsed);
	free(l->text);
}

/* That it is refused, and that the text of the failure has @why in it. */
static inline void refuse(const char *command, const char *text,
			  const char *why)
{
	struct line l;

	ok(parse(&l, command, text) < 0, "%s %.40s: is refused", command, text);
	if (!ok(strstr(l.failure.text, why), "%s %.40s: says \"%s\"", command,
		text, why))
		printf("# %s\n", l.failure.text);
	forget(&l);
}

#endif /* WORDS_LINE_H */
