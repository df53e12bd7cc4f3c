// SPDX-License-Identifier: GPL-2.0
/* Any bytes into JSON strings that are UTF-8. */
#include "tap.h"
#include "base/utf8.h"

#define X "\xef\xbf\xbd"

static void check(const char *s, const char *want, const char *name)
{
	struct json_object *o = utf8_json(s);

	is_str(json_object_get_string(o), want, "%s", name);
	json_object_put(o);
}

int main(void)
{
	check("", "", "nothing");
	check("plain \x01\n", "plain \x01\n", "ASCII stays");
	check("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xb3",
	      "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xb3",
	      "two, three and four bytes stay");
	check("a\xff\xfe"
	      "b",
	      "a" X X "b", "bytes that are in no character");
	check("\x80x", X "x", "a continuation of nothing");
	check("\xc3", X, "a character cut short at the end");
	check("\xe2\x82x", X X "x", "and in the middle");
	check("\xc0\xaf", X X, "an overlong form");
	check("\xe0\x80\xaf", X X X, "a longer one");
	check("\xf0\x80\x80\xaf", X X X X, "the longest one");
	check("\xed\xa0\x80", X X X, "a surrogate");
	check("\xf4\x90\x80\x80", X X X X, "beyond the last character");
	check("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "the last one");
	return tap_end();
}
