/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walking over the words of a command line. Options are long ones, written
 * "--name value" or "--name=value"; a name of one letter, which takes no value, is
 * written "-n".
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>

#include "failure.h"

/** struct option_name - one long option; a table ends in one without a name */
struct option_name {
	const char *name; /* without the dashes */
	bool has_value;
	int key;
};

/** struct words - where a walk stands */
struct words {
	int argc;
	char **argv;
	int next;
};

/** words_next() - the next word, or NULL at the end */
const char *words_next(struct words *w);

/** looks_like_option() - begins with a dash and is more than that */
bool looks_like_option(const char *word);

/**
 * words_option() - whether @word, just taken, is an option of the table
 * Takes the option's value too: the part behind '=' or the next word.
 * Returns 1 with @key and @value (NULL where it takes none), 0 where the table
 * has no such option, or -EINVAL with @failure filled.
 */
int words_option(struct words *w, const char *word,
		 const struct option_name *table, int *key, const char **value,
		 struct failure *failure);

#endif /* BASE_OPTIONS_H */
