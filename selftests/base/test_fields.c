// SPDX-License-Identifier: GPL-2.0
/* Tests converting structs to JSON objects and back, by a table of fields. */
#include <errno.h>
#include <limits.h>

#include "base/fields.h"
#include "tap.h"

enum colour {
	RED,
	GREEN
};

static const char *const colours[] = { "red", "green", NULL };

struct thing {
	char *name;
	char *note;
	struct string_list words;
	char text[4];
	uint64_t u64;
	uint32_t u32;
	int n;
	bool flag;
	enum colour colour;
	bool has_given;
	int given;
};

#define AT(member) .offset = offsetof(struct thing, member)

static const struct field table[] = {
	{ "name", FIELD_STRING, FIELD_NEEDED, AT(name) },
	{ "note", FIELD_STRING, FIELD_NEEDED | FIELD_NULL, AT(note) },
	{ "words", FIELD_STRINGS, 0, AT(words) },
	{ "text", FIELD_TEXT, 0, AT(text), .size = 4 },
	{ "u64", FIELD_U64, 0, AT(u64) },
	{ "u32", FIELD_U32, FIELD_NOT_ZERO, AT(u32) },
	{ "n", FIELD_INT, 0, AT(n) },
	{ "flag", FIELD_BOOL, 0, AT(flag) },
	{ "colour", FIELD_NAME, 0, AT(colour), .names = colours },
	{ "given", FIELD_INT, FIELD_GIVEN, AT(given),
	  .given = offsetof(struct thing, has_given) },
	{ 0 },
};

static void encodes(const struct thing *thing, const char *want,
		    const char *name)
{
	struct object o = object_new();
	struct json_object *json;

	fields_encode(table, thing, &o);
	json = object_done(&o);
	is_str(json_line(json, NULL), want, "%s is encoded", name);
	json_object_put(json);
}

/* A whole object, but for what @more says otherwise: the last value counts. */
static int decode(const char *more, struct thing *thing, const char **key)
{
	struct json_object *o;
	char text[512];
	int err;

	snprintf(text, sizeof(text),
		 "{\"name\":\"x\",\"note\":\"y\",\"words\":[\"a\",\"\"],"
		 "\"text\":\"abc\",\"u64\":18446744073709551615,"
		 "\"u32\":7,\"n\":-2147483648,\"flag\":true,"
		 "\"colour\":\"green\",\"given\":5%s}",
		 more);
	o = json_tokener_parse(text);
	if (!o)
		bail("no JSON: %s", text);
	*key = NULL;
	err = fields_decode(table, o, thing, key);
	json_object_put(o);
	return err;
}

static void refused(const char *more, int want, const char *field)
{
	struct thing thing = { 0 };
	const char *key;

	is_int(decode(more, &thing, &key), want, "%s is refused", more + 1);
	is_str(key, field, "the field at fault is %s", field);
	fields_free(table, &thing);
}

static void whole(void)
{
	struct thing thing = { .has_given = false };
	const char *key;

	is_int(decode("", &thing, &key), 0, "a complete object is decoded");
	is_str(thing.name, "x", "a string is decoded");
	ok(thing.words.n == 2 && !strcmp(thing.words.strings[0], "a") &&
		   !*thing.words.strings[1] && !thing.words.strings[2],
	   "an array of strings, which ends in NULL");
	is_str(thing.text, "abc", "a text that fills its array");
	ok(thing.u64 == UINT64_MAX,
	   "the greatest number of 64 bits is decoded");
	is_int(thing.u32, 7, "a number of 32 bits is decoded");
	is_int(thing.n, INT_MIN, "the smallest int is decoded");
	ok(thing.flag, "a bool is decoded");
	is_int(thing.colour, GREEN, "a name is decoded");
	ok(thing.has_given && thing.given == 5, "an optional field is decoded");
	encodes(&thing,
		"{\"name\":\"x\",\"note\":\"y\",\"words\":[\"a\",\"\"],"
		"\"text\":\"abc\",\"u64\":18446744073709551615,"
		"\"u32\":7,\"n\":-2147483648,\"flag\":true,"
		"\"colour\":\"green\",\"given\":5}",
		"it again");
	fields_free(table, &thing);
	ok(!thing.name && !thing.words.strings && !thing.words.n,
	   "fields_free() leaves no pointers");
}

static void decode_part(const char *text, struct thing *thing, int want,
			const char *field, const char *name)
{
	struct json_object *o = json_tokener_parse(text);
	const char *key = NULL;

	is_int(fields_decode(table, o, thing, &key), want, "%s", name);
	is_str(key, field, "%s: the field", name);
	json_object_put(o);
}

static void missing(void)
{
	struct thing thing = { .u64 = 3, .has_given = true };

	decode_part("{}", &thing, -ENOENT, "name",
		    "an object without fields is refused");
	decode_part("{\"name\":null,\"note\":\"\"}", &thing, -ENOENT, "name",
		    "null for a needed field is refused");
	decode_part("{\"name\":\"\"}", &thing, -ENOENT, "note",
		    "an object without a field that may be null is refused");
	decode_part("{\"name\":\"\",\"note\":null,\"u64\":null}", &thing, 0,
		    NULL, "null is accepted for fields that may be null");
	ok(!thing.note && thing.u64 == 3, "members of missing fields stay");
	ok(!thing.has_given, "an optional field is not there");
	encodes(&thing,
		"{\"name\":\"\",\"note\":null,\"words\":[],\"u64\":3,\"n\":0,"
		"\"flag\":false,\"colour\":\"red\"}",
		"what may be left out");
	fields_free(table, &thing);
}

static void types(void)
{
	refused(",\"name\":1", -EINVAL, "name");
	refused(",\"name\":\"a\\u0000b\"", -EINVAL, "name");
	refused(",\"words\":\"a\"", -EINVAL, "words");
	refused(",\"words\":[\"a\",1]", -EINVAL, "words");
	refused(",\"words\":[null]", -EINVAL, "words");
	refused(",\"words\":[\"a\\u0000b\"]", -EINVAL, "words");
	refused(",\"text\":\"abcd\"", -EINVAL, "text");
	refused(",\"text\":{}", -EINVAL, "text");
	refused(",\"u64\":-1", -EINVAL, "u64");
	refused(",\"u64\":1.0", -EINVAL, "u64");
	refused(",\"u64\":\"1\"", -EINVAL, "u64");
	refused(",\"u32\":-1", -EINVAL, "u32");
	refused(",\"u32\":true", -EINVAL, "u32");
	refused(",\"n\":2147483648", -EINVAL, "n");
	refused(",\"n\":-2147483649", -EINVAL, "n");
	refused(",\"n\":\"\"", -EINVAL, "n");
	refused(",\"flag\":1", -EINVAL, "flag");
	refused(",\"colour\":\"blue\"", -EINVAL, "colour");
	refused(",\"colour\":0", -EINVAL, "colour");
	refused(",\"given\":[]", -EINVAL, "given");
}

static void clamped(void)
{
	struct thing thing = { 0 };
	const char *key;

	is_int(decode(",\"u32\":4294967296", &thing, &key), 0,
	       "a number beyond 32 bits is decoded");
	ok(thing.u32 == UINT32_MAX, "it becomes the greatest one");
	fields_free(table, &thing);
}

static void object(void)
{
	struct object o = object_new(), failing = object_from(NULL);
	struct json_object *json;

	object_add_string(&o, "s", "/");
	object_add_string(&o, "null", NULL);
	json = object_done(&o);
	is_str(json_line(json, NULL), "{\"s\":\"/\",\"null\":null}",
	       "an object on one line");
	ok(object_is(json, "s", "/"), "object_is() knows a string");
	ok(!object_is(json, "s", "") && !object_is(json, "null", "") &&
		   !object_is(json, "t", "/"),
	   "object_is() refuses others");
	json_object_put(json);
	object_add_int(&failing, "n", 1);
	ok(!object_done(&failing), "an object without memory stays NULL");
	o = object_new();
	object_add(&o, "k", NULL);
	object_add_int(&o, "n", 1);
	ok(!object_done(&o), "a value without memory fails the object");
	ok(!json_line(NULL, NULL), "no object has no text");
}

int main(void)
{
	whole();
	missing();
	types();
	clamped();
	object();
	return tap_end();
}
