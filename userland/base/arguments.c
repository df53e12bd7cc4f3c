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

/* Of any integer type; conversion to the smaller ones keeps a value in range. */
static void store(const struct option *option, uint64_t v, void *to)
{
	switch (option->size) {
	case sizeof(uint8_t):
		*(uint8_t *)to = v;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)to = v;
		break;
	case sizeof(uint64_t):
		*(uint64_t *)to = v;
		break;
	default:
		abort(); /* the table is wrong */
	}
}

static int parse_number(const struct option *option, const char *text, void *to)
{
	uint64_t most = option->max, v;
	int n, err;

	if (option->min < 0) {
		err = parse_int(text, option->min, option->max, &n);
		v = (int64_t)n;
	} else {
		if (!most)
			most = option->size == sizeof(uint64_t) ? UINT64_MAX :
								  INT_MAX;
		err = parse_u64(text, option->min, most, &v);
	}
	if (!err)
		store(option, v, to);
	return err;
}

static int parse_size(const struct option *option, const char *text, void *to)
{
	uint64_t bytes;
	int err = parse_mib(text, &bytes);

	if (!err && bytes >> 20 < (uint64_t)option->min)
		err = -ERANGE;
	if (!err)
		store(option, bytes, to);
	return err;
}

static int parse_duration(const struct option *option, const char *text,
			  void *to)
{
	unsigned int ms;
	int err = parse_seconds_ms(text, &ms);

	if (!err && option->max && ms > option->max)
		err = -ERANGE;
	if (!err)
		store(option, ms, to);
	return err;
}

/* Refuse one that is not open, before something else gets its number. */
static int parse_fd(const char *text, void *to)
{
	uint64_t fd;
	int err = parse_u64(text, 0, INT_MAX, &fd);

	if (!err && fcntl(fd, F_GETFD) < 0)
		err = -errno;
	if (!err)
		*(int *)to = fd;
	return err;
}

static int parse_choice(const struct option *option, const char *text, void *to)
{
	size_t len = strlen(text);
	int n = option->min;

	for (const char *word = option->value;; n++) {
		size_t end = strcspn(word, "|");

		if (end == len && !memcmp(word, text, len)) {
			store(option, n, to);
			return 0;
		}
		if (!word[end])
			return -EINVAL;
		word += end + 1;
	}
}

static int copy(const char *text, char **to)
{
	char *s = strdup(text);

	if (!s)
		return -ENOMEM;
	free(*to);
	*to = s;
	return 0;
}

static int parse(const struct option *option, const char *text, void *to)
{
	const char *word = option_word(option);

	if (word && !strcmp(text, word)) {
		store(option, option->word, to);
		return 0;
	}
	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)to = true;
		return 0;
	case OPTION_STRING:
		*(const char **)to = text;
		return 0;
	case OPTION_COPY:
		return copy(text, to);
	case OPTION_LIST:
		return string_list_add(to, text);
	case OPTION_NUMBER:
		return parse_number(option, text, to);
	case OPTION_MIB:
		return parse_size(option, text, to);
	case OPTION_SECONDS:
		return parse_duration(option, text, to);
	case OPTION_SIGNAL:
		return parse_signal(text, to);
	case OPTION_FD:
		return parse_fd(text, to);
	case OPTION_CHOICE:
		return parse_choice(option, text, to);
	case OPTION_TIME:
		return parse_time(text, clock_ns(CLOCK_REALTIME), to);
	case OPTION_OWN:
		return option->parse(text, to);
	}
	return -EINVAL;
}

int option_set(const struct option *option, const char *text, void *to,
	       struct failure *failure)
{
	char wanted[OPTION_TEXT_LEN];
	int err = parse(option, text, (char *)to + option->offset);

	if (!err) {
		if (option->given)
			*((bool *)to + option->given) = true;
		return 0;
	}
	if (err != -EINVAL && err != -ERANGE)
		return failed(failure, EXIT_USAGE, "%s%s: \"%s\": %s",
			      option_dashes(option), option->name, text,
			      strerror(-err));
	return failed(failure, EXIT_USAGE, "%s%s: \"%s\" is %s; it must be %s",
		      option_dashes(option), option->name, text,
		      err == -ERANGE ? "out of range" : "not valid",
		      option_wanted(option, wanted));
}

int options_from_environment(const struct option *table, void *to,
			     struct failure *failure)
{
	for (; table->name; table++) {
		const char *text = table->env ? getenv(table->env) : NULL;

		if (text && *text && option_set(table, text, to, failure))
			return -1;
	}
	return 0;
}
