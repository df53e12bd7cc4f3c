// SPDX-License-Identifier: GPL-2.0
/* Walking over the words of a command line, see options.h. */
#include <errno.h>
#include <string.h>

#include "options.h"

const char *words_next(struct words *w)
{
	return w->next < w->argc ? w->argv[w->next++] : NULL;
}

bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1];
}

static const struct option_name *find(const struct option_name *table,
				      const char *name, size_t len)
{
	for (; table->name; table++) {
		if (strlen(table->name) == len &&
		    !memcmp(table->name, name, len))
			return table;
	}
	return NULL;
}

int words_option(struct words *w, const char *word,
		 const struct option_name *table, int *key, const char **value,
		 struct failure *failure)
{
	const struct option_name *option;
	const char *equals = NULL;
	size_t len;

	if (word[0] != '-')
		return 0;
	if (word[1] == '-') {
		word += 2;
		equals = strchr(word, '=');
		len = equals ? (size_t)(equals - word) : strlen(word);
		option = len > 1 ? find(table, word, len) : NULL;
	} else {
		len = strlen(++word);
		option = len == 1 ? find(table, word, len) : NULL;
	}
	if (!option)
		return 0;

	*key = option->key;
	*value = NULL;
	if (equals && !option->has_value) {
		return failed(failure, EXIT_USAGE, "option --%s takes no value",
			      option->name);
	}
	if (option->has_value) {
		*value = equals ? equals + 1 : words_next(w);
		if (!*value) {
			return failed(failure, EXIT_USAGE,
				      "option --%s needs a value",
				      option->name);
		}
	}
	return 1;
}
