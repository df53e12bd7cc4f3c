/* SPDX-License-Identifier: GPL-2.0 */
/* Command lines for the tests of their grammar. */
#ifndef WORDS_LINE_H
#define WORDS_LINE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define MAX_WORDS 32

/* As long as an id may be, 127 characters. */
#define TEN	"0123456789"
#define FORTY	TEN TEN TEN TEN
#define LONG_ID FORTY FORTY FORTY "0123+-_"

/* A command line as one string, its words separated by "|". */
struct line {
	char *text;
	char *argv[MAX_WORDS];
	int argc;
};

static inline struct line *split(struct line *l, const char *text)
{
	char *word;

	*l = (struct line){ .text = strdup(text) };
	for (word = *text ? l->text : NULL; word; l->argc++) {
		char *end = strchr(word, '|');

		if (l->argc + 1 == MAX_WORDS)
			bail("too many words");
		l->argv[l->argc] = word;
		if (end)
			*end++ = '\0';
		word = end;
	}
	return l;
}

#endif /* WORDS_LINE_H */
