// SPDX-License-Identifier: LGPL-2.1
/* JSON objects, see object.h. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "cleanup.h"
#include "object.h"
#include "utf8.h"

struct object object_from(struct json_object *json)
{
	return (struct object){ .json = json, .failed = !json };
}

struct object object_new(void)
{
	return object_from(json_object_new_object());
}

struct json_object *object_done(struct object *o)
{
	if (!o->failed)
		return o->json;
	json_object_put(o->json);
	return NULL;
}

void object_add(struct object *o, const char *key, struct json_object *value)
{
	if (!o->failed && value && !json_object_object_add(o->json, key, value))
		return;
	json_object_put(value);
	o->failed = true;
}

void object_add_null(struct object *o, const char *key)
{
	if (!o->failed && json_object_object_add(o->json, key, NULL))
		o->failed = true;
}

void object_add_u64(struct object *o, const char *key, uint64_t v)
{
	object_add(o, key, json_object_new_uint64(v));
}

void object_add_int(struct object *o, const char *key, int v)
{
	object_add(o, key, json_object_new_int(v));
}

void object_add_bool(struct object *o, const char *key, bool v)
{
	object_add(o, key, json_object_new_boolean(v));
}

void object_add_string(struct object *o, const char *key, const char *s)
{
	if (s)
		object_add(o, key, json_object_new_string(s));
	else
		object_add_null(o, key);
}

/* A JSON string of any bytes, see object_add_bytes(). */
static struct json_object *new_bytes(const char *s)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const size_t size = sizeof(replacement) - 1;
	size_t left = strlen(s), n;
	__cleanup_free char *clean = malloc(left * size + 1);
	char *out = clean;
	uint32_t c;

	if (!clean)
		return NULL;
	for (; left; s += n, left -= n) {
		n = utf8_decode(s, left, &c);
		memcpy(out, n ? s : replacement, n ? n : size);
		out += n ? n : size;
		n = n ? n : 1;
	}
	return json_object_new_string_len(clean, out - clean);
}

void object_add_bytes(struct object *o, const char *key, const char *s)
{
	if (s)
		object_add(o, key, new_bytes(s));
	else
		object_add_null(o, key);
}

static void add_array(struct object *o, const char *key, char *const *strings,
		      size_t n, struct json_object *(*new_string)(const char *))
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < n; i++) {
		struct json_object *s = new_string(strings[i]);

		if (!s || json_object_array_add(array, s) < 0) {
			json_object_put(s);
			json_object_put(array);
			array = NULL;
		}
	}
	object_add(o, key, array);
}

void object_add_strings(struct object *o, const char *key, char *const *strings,
			size_t n)
{
	add_array(o, key, strings, n, json_object_new_string);
}

void object_add_bytes_array(struct object *o, const char *key,
			    char *const *strings, size_t n)
{
	add_array(o, key, strings, n, new_bytes);
}

static int get_field(struct json_object *o, const char *key, json_type type,
		     struct json_object **v)
{
	if (!json_object_object_get_ex(o, key, v) || !*v)
		return -ENOENT;
	return json_object_is_type(*v, type) ? 0 : -EINVAL;
}

const char *json_plain_string(struct json_object *v)
{
	const char *s = json_object_get_string(v);

	if (!s || strlen(s) != (size_t)json_object_get_string_len(v))
		return NULL;
	return s;
}

int object_get_string(struct json_object *o, const char *key, const char **s)
{
	struct json_object *v;
	int err = get_field(o, key, json_type_string, &v);

	if (err)
		return err;
	*s = json_plain_string(v);
	return *s ? 0 : -EINVAL;
}

int object_get_u64(struct json_object *o, const char *key, uint64_t *out)
{
	struct json_object *v;
	int err = get_field(o, key, json_type_int, &v);

	if (err)
		return err;
	/* json-c clamps a negative number to 0 and one too large to the end. */
	if (json_object_get_int64(v) < 0)
		return -EINVAL;
	*out = json_object_get_uint64(v);
	return 0;
}

int object_get_int(struct json_object *o, const char *key, int *out)
{
	struct json_object *v;
	int err = get_field(o, key, json_type_int, &v);
	int64_t n;

	if (err)
		return err;
	n = json_object_get_int64(v);
	if (n < INT_MIN || n > INT_MAX)
		return -EINVAL;
	*out = n;
	return 0;
}

int object_get_bool(struct json_object *o, const char *key, bool *out)
{
	struct json_object *v;
	int err = get_field(o, key, json_type_boolean, &v);

	if (err)
		return err;
	*out = json_object_get_boolean(v);
	return 0;
}

bool object_is(struct json_object *o, const char *key, const char *value)
{
	const char *s;

	return !object_get_string(o, key, &s) && !strcmp(s, value);
}

struct json_object *object_parse(const void *text, size_t len)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o;

	if (!tokener)
		return NULL;
	o = json_tokener_parse_ex(tokener, text, (int)len);
	json_tokener_free(tokener);
	if (json_object_is_type(o, json_type_object))
		return o;
	json_object_put(o);
	return NULL;
}

const char *json_line(struct json_object *v, size_t *len)
{
	size_t dummy;

	if (!v)
		return NULL;
	return json_object_to_json_string_length(
		v, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
		len ? len : &dummy);
}
