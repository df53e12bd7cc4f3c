// SPDX-License-Identifier: GPL-2.0
/* Tests that any bytes become JSON strings of valid UTF-8. */
#include "base/object.h"
#include "base/utf8.h"
#include "tap.h"

#define X "\xef\xbf\xbd"

static void check(const char *s, const char *want, const char *name)
{
	struct object o = object_new();
	struct json_object *json;
	const char *text;

	object_add_bytes(&o, "key", s);
	json = object_done(&o);
	if (!json || object_get_string(json, "key", &text))
		bail("no string");
	is_str(text, want, "%s", name);
	json_object_put(json);
}

static void strings(void)
{
	char *const words[] = { "a\xff", "", "b" };
	struct object o = object_new();
	struct json_object *json;

	object_add_bytes_array(&o, "words", words, 3);
	object_add_bytes_array(&o, "none", words, 0);
	object_add_bytes(&o, "null", NULL);
	json = object_done(&o);
	is_str(json_line(json, NULL),
	       "{\"words\":[\"a" X "\",\"\",\"b\"],\"none\":[],\"null\":null}",
	       "arrays, and no string");
	json_object_put(json);
}

static void decode(void)
{
	uint32_t c = 0;

	is_int(utf8_decode("\xe2\x82\xacx", 4, &c), 3, "three bytes");
	is_int(c, 0x20ac, "are one character");
	is_int(utf8_decode("\xe2\x82\xac", 2, &c), 0, "two are cut short");
	is_int(utf8_decode("\0", 1, &c), 1, "a NUL");
	is_int(c, 0, "is a character");
}

int main(void)
{
	check("", "", "an empty string");
	check("plain \x01\n", "plain \x01\n", "ASCII stays");
	check("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xb3",
	      "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xb3",
	      "characters of two, three and four bytes stay");
	check("a\xff\xfe"
	      "b",
	      "a" X X "b", "bytes that no character has");
	check("\x80x", X "x", "a continuation byte without a beginning");
	check("\xc3", X, "a character cut short at the end");
	check("\xe2\x82x", X X "x", "a character cut short in the middle");
	check("\xc0\xaf", X X, "an overlong form of two bytes");
	check("\xe0\x80\xaf", X X X, "an overlong form of three bytes");
	check("\xf0\x80\x80\xaf", X X X X, "an overlong form of four bytes");
	check("\xed\xa0\x80", X X X, "a surrogate");
	check("\xf4\x90\x80\x80", X X X X, "beyond the last character");
	check("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "the last character");
	strings();
	decode();
	return tap_end();
}
