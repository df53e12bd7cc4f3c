// SPDX-License-Identifier: GPL-2.0
/* Reading options and their values, see arguments.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "clock.h"
#include "parse.h"
#include "parse_time.h"
#include "strings.h"

const char *words_next(struct words *w)
{
	return w->next < w->argc ? w->argv[w->next++] : NULL;
}

bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1];
}

const struct option *option_find(const struct option *table, const char *word)
{
	size_t len;

	if (!looks_like_option(word))
		return NULL;
	if (word[1] != '-') {
		for (; table->name; table++) {
			if (table->letter == word[1] && !word[2])
				return table;
		}
		return NULL;
	}
	word += 2;
	len = strcspn(word, "=");
	for (; table->name; table++) {
		if (strlen(table->name) == len &&
		    !memcmp(table->name, word, len))
			return table;
	}
	return NULL;
}

int option_value(const struct option *option, struct words *w, const char *word,
		 const char **value, struct failure *failure)
{
	const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;

	*value = NULL;
	if (option->kind == OPTION_FLAG) {
		if (!equals)
			return 0;
		return failed(failure, EXIT_USAGE, "--%s takes no value",
			      option->name);
	}
	*value = equals ? equals + 1 : words_next(w);
	if (*value)
		return 0;
	return failed(failure, EXIT_USAGE, "--%s needs a value", option->name);
}

/* The values that are words: the index of @text in "a|b|c". */
static int parse_choice(const char *words, const char *text, uint64_t *v)
{
	size_t len = strlen(text);

	for (int n = 0;; n++) {
		size_t end = strcspn(words, "|");

		if (end == len && !memcmp(words, text, len)) {
			*v += n;
			return 0;
		}
		if (!words[end])
			return -EINVAL;
		words += end + 1;
	}
}

/* Refuse one that is not open, before something else gets its number. */
static int parse_fd(const char *text, uint64_t *fd)
{
	int err = parse_u64(text, 0, INT_MAX, fd);

	return !err && fcntl(*fd, F_GETFD) < 0 ? -errno : err;
}

/* All values that are stored as integers. */
static int parse_number(const struct option *option, const char *text,
			uint64_t *v)
{
	unsigned int ms;
	int n, err;

	*v = option->kind == OPTION_CHOICE ? option->min : 1;
	switch (option->kind) {
	case OPTION_FLAG:
		return 0;
	case OPTION_CHOICE:
		return parse_choice(option->value, text, v);
	case OPTION_MIB:
		return parse_mib(text, v);
	case OPTION_SIZE:
		return parse_size(text, v);
	case OPTION_FD:
		return parse_fd(text, v);
	case OPTION_TIME:
		return parse_time(text, clock_ns(CLOCK_REALTIME), (int64_t *)v);
	case OPTION_SECONDS:
		err = parse_seconds_ms(text, &ms);
		*v = ms;
		return err;
	case OPTION_SIGNAL:
		err = parse_signal(text, &n);
		break;
	default:
		if (option->min >= 0)
			return parse_u64(text, 0, UINT64_MAX, v);
		err = parse_int(text, INT_MIN, INT_MAX, &n);
	}
	*v = (int64_t)n;
	return err;
}

static bool in_range(const struct option *option, uint64_t v)
{
	uint64_t most = option->max;

	if (option->kind == OPTION_CHOICE)
		return true;
	if (option->min < 0)
		return (int64_t)v >= option->min && (int64_t)v <= (int64_t)most;
	if (!most)
		most = option->size < sizeof(v) ? UINT32_MAX : UINT64_MAX;
	if (option->kind == OPTION_MIB)
		v >>= 20;
	return v >= (uint64_t)option->min && v <= most;
}

static void store(const struct option *option, uint64_t v, void *to)
{
	switch (option->size) {
	case sizeof(uint8_t):
		*(uint8_t *)to = v;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)to = v;
		break;
	default:
		*(uint64_t *)to = v;
	}
}

static int parse(const struct option *option, const char *text, void *to)
{
	const char *word = option_word(option);
	uint64_t v;
	char *copy;
	int err;

	switch (option->kind) {
	case OPTION_STRING:
		*(const char **)to = text;
		return 0;
	case OPTION_COPY:
		copy = strdup(text);
		if (!copy)
			return -ENOMEM;
		free(*(char **)to);
		*(char **)to = copy;
		return 0;
	case OPTION_LIST:
		return string_list_add(to, text);
	case OPTION_OWN:
		return option->parse(text, to);
	default:
		break;
	}
	if (word && !strcmp(text, word)) {
		store(option, option->word, to);
		return 0;
	}
	err = parse_number(option, text, &v);
	if (!err && !in_range(option, v))
		err = -ERANGE;
	if (!err)
		store(option, v, to);
	return err;
}

int option_set(const struct option *option, const char *text, void *to,
	       struct failure *failure)
{
	char wanted[OPTION_TEXT_LEN];
	int err = parse(option, text, (char *)to + option->offset);

	if (!err && option->given)
		*((bool *)to + option->given) = true;
	if (!err)
		return 0;
	if (err != -EINVAL && err != -ERANGE)
		return failed(failure, EXIT_USAGE, "%s%s: \"%s\": %s",
			      option_dashes(option), option->name, text,
			      strerror(-err));
	return failed(failure, EXIT_USAGE, "%s%s: \"%s\" is %s; it must be %s",
		      option_dashes(option), option->name, text,
		      err == -ERANGE ? "out of range" : "not valid",
		      option_wanted(option, wanted));
}

int options_begin(const struct option *table, void *to, struct failure *failure)
{
	for (; table->name; table++) {
		const char *text = table->env ? getenv(table->env) : NULL;

		if (table->kind == OPTION_FD)
			store(table, -1, (char *)to + table->offset);
		if (table->initial)
			parse(table, table->initial,
			      (char *)to + table->offset);
		if (text && *text && option_set(table, text, to, failure))
			return -1;
	}
	return 0;
}
