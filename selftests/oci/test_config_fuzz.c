// SPDX-License-Identifier: GPL-2.0
/*
 * Reads configurations that were cut or changed at random: each is read or refused, with
 * one line of text, and the sanitizers find nothing wrong and no leak. The seed is fixed.
 */
#include "consume.h"
#include "data.h"
#include "draw.h"

#define ROOM (64 << 10)

static unsigned int seed = 1;

static unsigned int draw(size_t n)
{
	return draw_from(&seed, (unsigned int)n);
}

/*
 * Every beginning of a text is refused. A copy of the exact size shows a read beyond its
 * end.
 */
static void cut(const char *name)
{
	char *text = data_read(name);
	size_t len = strlen(text), good = 0;

	while (text[len - 1] != '}')
		len--;
	for (size_t n = 0; n < len; n++) {
		char *part = malloc(n ? n : 1);

		memcpy(part, text, n);
		good += consume(CONSUME_CONFIG, part, n);
		free(part);
	}
	is_int(good, 0, "%s, cut at any of %zu bytes, is refused", name, len);
	ok(consume(CONSUME_CONFIG, text, len), "whole, it is not");
	free(text);
}

static const char *const pieces[] = {
	"null",	   "true",    "-1",	 "0",	 "18446744073709551615",
	"1e99",	   "\"\"",    "{}",	 "[]",	 "[[[[[[[[[[[[[[[[[[[[[",
	"{\"a\":", "\\u0000", "\\ud800", "\xff", ",",
	":",	   "\"",      "}",	 "]",	 "-9223372036854775808",
	"..",	   "/",	      "'",	 "/*",	 "\\",
};

#define N_PIECES (sizeof(pieces) / sizeof(pieces[0]))

/* Change some bytes: set one, take some out, repeat some, or put a piece in. */
static size_t change_bytes(char *text, size_t len)
{
	size_t at = draw(len), n = draw(30) + 1;
	const char *piece = pieces[draw(N_PIECES)];

	if (at + n > len)
		n = len - at;
	switch (draw(4)) {
	case 0:
		text[at] = (char)draw(256);
		return len;
	case 1:
		memmove(text + at, text + at + n, len - at - n);
		return len - n;
	case 2:
		memmove(text + at + n, text + at, len - at);
		return len + n;
	default:
		n = strlen(piece);
		memmove(text + at + n, text + at, len - at);
		memcpy(text + at, piece, n);
		return len + n;
	}
}

static void bytes(const char *original, int n)
{
	char *text = malloc(ROOM);
	int good = 0;

	for (int i = 0; i < n; i++) {
		size_t len = strlen(original), times = draw(4) + 1;

		memcpy(text, original, len);
		while (times-- && len > 1)
			len = change_bytes(text, len);
		good += consume(CONSUME_CONFIG, text, len);
	}
	ok(good > n / 100 && good < n,
	   "other bytes: %d of %d are configurations", good, n);
	free(text);
}

static struct json_object *random_value(void)
{
	static const char *const values[] = {
		"-1",	    "0",      "1",	    "4294967295",
		"65536",    "1.5",    "\"\"",	    "18446744073709551615",
		"true",	    "\"/\"",  "\"a\"",	    "-9223372036854775808",
		"{}",	    "[]",     "[1]",	    "{\"a\":\"b\"}",
		"[{}]",	    "[null]", "[\"x\"]",    "[\"bind\",\"idmap\"]",
		"[\"A=\"]", "null",   "{\"a\":{}}", "\"../..\"",
	};

	return json_tokener_parse(
		values[draw(sizeof(values) / sizeof(values[0]))]);
}

static void change_item(struct json_object *array);

/* Put another value in the place of a field, or of something in it. */
static void change_field(struct json_object *object)
{
	int n = json_object_object_length(object);
	int left = n ? (int)draw((size_t)n) : -1;

	json_object_object_foreach(object, key, value) {
		if (left--)
			continue;
		if (draw(5) && json_object_is_type(value, json_type_object))
			change_field(value);
		else if (draw(5) && json_object_is_type(value, json_type_array))
			change_item(value);
		else if (draw(4))
			json_object_object_add(object, key, random_value());
		else
			json_object_object_del(object, key);
		break;
	}
}

static void change_item(struct json_object *array)
{
	size_t n = json_object_array_length(array);
	size_t i = n ? draw(n) : 0;
	struct json_object *item = json_object_array_get_idx(array, i);

	if (draw(5) && json_object_is_type(item, json_type_object))
		change_field(item);
	else if (n)
		json_object_array_put_idx(array, i, random_value());
}

static void values(enum consumed_kind kind, const char *original, int n)
{
	int good = 0;

	for (int i = 0; i < n; i++) {
		struct json_object *json = json_tokener_parse(original);
		unsigned int times = draw(3) + 1;
		const char *text;

		while (times--)
			change_field(json);
		text = json_object_to_json_string(json);
		good += consume(kind, text, strlen(text));
		json_object_put(json);
	}
	ok(good > n / 100 && good < n, "other values: %d of %d can be read",
	   good, n);
}

/* 10,000 inputs in all. */
static void change(void)
{
	char *text = data_read("full-config.json");
	struct json_object *config = json_tokener_parse(text);
	struct json_object *process, *resources;

	if (json_pointer_get(config, "/process", &process) ||
	    json_pointer_get(config, "/linux/resources", &resources))
		bail("the configuration is not full");
	free(text);
	text = strdup(json_object_to_json_string(config));
	bytes(text, 3000);
	values(CONSUME_CONFIG, text, 4000);
	values(CONSUME_PROCESS, json_object_to_json_string(process), 1500);
	values(CONSUME_RESOURCES, json_object_to_json_string(resources), 1500);
	json_object_put(config);
	free(text);
}

int main(void)
{
	cut("podman-config.json");
	cut("full-config.json");
	change();
	return tap_end();
}
