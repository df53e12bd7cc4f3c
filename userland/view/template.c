// SPDX-License-Identifier: LGPL-2.1
/* Output in a form that the user chooses, see template.h. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/escape.h"
#include "template.h"

static const struct {
	const char *alias;
	const char *key;
} aliases[] = {
	{ "ID", "name" },
	{ "Names", "name" },
	{ "Status", "state" },
	{ "status", "state" },
};

/* Compare without case, and without the underscores of the JSON key. */
static bool is_same(const char *key, const char *word, size_t len)
{
	const char *end = word + len;

	for (; *key; key++) {
		if (word < end && *key == *word)
			word++;
		else if (*key == '_')
			continue;
		else if (word < end && *key == tolower((unsigned char)*word))
			word++;
		else
			return false;
	}
	return word == end;
}

struct json_object *template_value(struct json_object *object, const char *key,
				   size_t len, bool *found)
{
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		const char *alias = aliases[i].alias;

		if (strlen(alias) == len && !strncmp(alias, key, len)) {
			key = aliases[i].key;
			len = strlen(key);
			break;
		}
	}
	json_object_object_foreach(object, name, value) {
		if (is_same(name, key, len)) {
			*found = true;
			return value;
		}
	}
	*found = false;
	return NULL;
}

char *template_text(struct json_object *value)
{
	if (!value)
		return strdup("");
	if (json_object_is_type(value, json_type_string))
		return escape_text(json_object_get_string(value));
	return strdup(json_object_to_json_string_ext(
		value,
		JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* Print the value that "{{.KEY}}" names; @len: of the text between the braces. */
static int print_value(const char *inside, size_t len,
		       struct json_object *object, struct failure *failure)
{
	__cleanup_free char *text = NULL;
	struct json_object *value;
	bool found = false;

	while (len && *inside == ' ') {
		inside++;
		len--;
	}
	while (len && inside[len - 1] == ' ')
		len--;
	if (len < 2 || *inside != '.')
		return failed(
			failure, EXIT_USAGE,
			"--format: \"{{%.*s}}\" is not a key such as \"{{.name}}\"",
			(int)len, inside);
	value = template_value(object, inside + 1, len - 1, &found);
	if (!found)
		return failed(
			failure, EXIT_USAGE,
			"--format: there is no key \"%.*s\"; --json prints all keys",
			(int)len - 1, inside + 1);
	text = template_text(value);
	if (!text)
		return failed_errno(failure, -ENOMEM, "printing a value");
	fputs(text, stdout);
	return 0;
}

int template_print(const char *text, struct json_object *object,
		   struct failure *failure)
{
	const char *end;

	for (; *text; text++) {
		if (text[0] == '\\' && (text[1] == 't' || text[1] == 'n')) {
			putchar(*++text == 't' ? '\t' : '\n');
		} else if (text[0] == '{' && text[1] == '{') {
			end = strstr(text, "}}");
			if (!end)
				return failed(
					failure, EXIT_USAGE,
					"--format: \"{{\" without \"}}\"");
			if (print_value(text + 2, end - text - 2, object,
					failure))
				return -1;
			text = end + 1;
		} else {
			putchar(*text);
		}
	}
	putchar('\n');
	return 0;
}
