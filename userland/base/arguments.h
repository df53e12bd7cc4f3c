/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading the words of a command line with a table of options. A long option is
 * written "--name value" or "--name=value", one of a single letter "-n" or "-n value". Letters of
 * flags can be joined, "-it".
 */
#ifndef BASE_ARGUMENTS_H
#define BASE_ARGUMENTS_H

#include "failure.h"
#include "options.h"

/** struct words - a walk over the words of a command line */
struct words {
	int argc;
	char **argv;
	int next;
};

/** words_next() - the next word, or NULL at the end */
const char *words_next(struct words *w);

/** looks_like_option() - whether a word has a dash and more behind it */
bool looks_like_option(const char *word);

/** option_find() - the option that @word begins, "--name", "--name=value" or "-n" */
const struct option *option_find(const struct option *table, const char *word);

/**
 * option_value() - take the value of the option that @word has begun
 * It is what follows '=' or the next word; NULL of a flag.
 */
int option_value(const struct option *option, struct words *w, const char *word,
		 const char **value, struct failure *failure);

/** option_set() - read @text, and store it in @to, the struct that the table fills */
int option_set(const struct option *option, const char *text, void *to,
	       struct failure *failure);

/**
 * options_begin() - store all defaults in @to, which is zeroed
 * A value in an environment variable takes the place of a default.
 */
int options_begin(const struct option *table, void *to,
		  struct failure *failure);

#endif /* BASE_ARGUMENTS_H */
