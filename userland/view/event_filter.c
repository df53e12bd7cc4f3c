// SPDX-License-Identifier: GPL-2.0
/* Which events a listener wants, see event_filter.h. */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "event_filter.h"

typedef const char *(*name_fn)(unsigned int value);

static const char *type_name(unsigned int value)
{
	return purser_event_name(value);
}

static const char *reason_name(unsigned int value)
{
	return purser_reason_name(value);
}

/* Add the bit of the value between @first and @last that has this name. */
static int add_word(const char *word, size_t len, unsigned int first,
		    unsigned int last, name_fn name, uint64_t *bits)
{
	for (unsigned int value = first; value <= last; value++) {
		const char *text = name(value);

		if (strlen(text) == len && !memcmp(text, word, len)) {
			*bits |= 1ull << value;
			return 0;
		}
	}
	return -EINVAL;
}

static int add_words(const char *text, unsigned int first, unsigned int last,
		     name_fn name, uint64_t *bits)
{
	uint64_t added = 0;
	int err = 0;

	for (const char *word = text; !err && word;) {
		const char *end = strchrnul(word, ',');

		err = add_word(word, end - word, first, last, name, &added);
		word = *end ? end + 1 : NULL;
	}
	if (!err)
		*bits |= added;
	return err;
}

int event_filter_add_container(const char *text, void *to)
{
	int err = check_container_name(text);

	return err ? err : string_list_add(to, text);
}

int event_filter_add_types(const char *text, void *to)
{
	return add_words(text, PURSER_EVENT_REGISTERED, PURSER_EVENT_MAX,
			 type_name, to);
}

int event_filter_add_reasons(const char *text, void *to)
{
	return add_words(text, PURSER_REASON_NONE, PURSER_REASON_MAX,
			 reason_name, to);
}

/* A newer module may have values that have no bit. */
static bool has(uint64_t bits, unsigned int value)
{
	return !bits || (value < 64 && bits >> value & 1);
}

static bool is_one_of(const struct string_list *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (!strcmp(names->strings[i], name))
			return true;
	}
	return !names->n;
}

bool event_filter_matches(const struct event_filter *filter,
			  const struct purser_event *e)
{
	return has(filter->types, e->type) &&
	       has(filter->reasons, e->container.reason) &&
	       is_one_of(&filter->containers, e->container.name);
}

void event_filter_free(struct event_filter *filter)
{
	string_list_free(&filter->containers);
}
