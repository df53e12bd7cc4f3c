// SPDX-License-Identifier: GPL-2.0
/*
 * json [POINTER...]
 *
 * Reads JSON documents, one after the other, from stdin. For each document it prints a
 * line with the values at the pointers (RFC 6901), separated by blanks; strings without
 * quotes. "?keys" after a pointer means the keys of that object, "?length" the length of
 * that array. Without pointers it prints the whole document.
 *
 * Exit status: 1 if the input is not JSON or a pointer leads nowhere.
 */
#include <json-c/json.h>
#include <json-c/json_pointer.h>

#include "../workloads/workload.h"

#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static void print(struct json_object *value)
{
	if (json_object_is_type(value, json_type_string))
		say("%s", json_object_get_string(value));
	else
		say("%s", json_object_to_json_string_ext(value, PLAIN));
}

static void print_keys(struct json_object *object)
{
	const char *sep = "";

	json_object_object_foreach(object, key, value) {
		(void)value;
		say("%s%s", sep, key);
		sep = ",";
	}
}

/* @pointer: the part from its question mark on is cut off */
static void look_up(struct json_object *document, char *pointer)
{
	char *what = strchrnul(pointer, '?');
	struct json_object *value = NULL;

	if (*what)
		*what++ = '\0';
	if (json_pointer_get(document, pointer, &value))
		fail("json: nothing at \"%s\"", pointer);
	if (!*what)
		print(value);
	else if (json_object_is_type(value, json_type_object))
		print_keys(value);
	else if (json_object_is_type(value, json_type_array))
		say("%zu", json_object_array_length(value));
	else
		fail("json: neither keys nor a length at \"%s\"", pointer);
}

static void take(struct json_object *document, int n, char **pointers)
{
	char *copy;

	if (!n)
		print(document);
	for (int i = 0; i < n; i++) {
		copy = strdup(pointers[i]);
		if (!copy)
			fail("json");
		say("%s", i ? " " : "");
		look_up(document, copy);
		free(copy);
	}
	say("\n");
}

int main(int argc, char **argv)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *document;
	char *text = NULL;
	size_t room = 0, at;
	ssize_t len;

	if (!tok)
		fail("json");
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT |
					    JSON_TOKENER_ALLOW_TRAILING_CHARS);
	len = getdelim(&text, &room, '\0', stdin);
	if (len < 0 && ferror(stdin))
		fail("json: cannot read standard input");
	for (at = 0; len > 0 && at < (size_t)len;) {
		if (strspn(text + at, " \n") == len - at)
			break;
		document = json_tokener_parse_ex(tok, text + at, len - at + 1);
		if (json_tokener_get_error(tok) != json_tokener_success) {
			fprintf(stderr, "json: %s at byte %zu\n",
				json_tokener_error_desc(
					json_tokener_get_error(tok)),
				at);
			return 1;
		}
		at += json_tokener_get_parse_end(tok);
		take(document, argc - 1, argv + 1);
		json_object_put(document);
		json_tokener_reset(tok);
	}
	free(text);
	json_tokener_free(tok);
	return 0;
}
