// SPDX-License-Identifier: LGPL-2.1
/* JSON objects, see object.h. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "object.h"
#include "utf8.h"

struct object object_new(void)
{
	struct object o = { .json = json_object_new_object() };

	o.failed = !o.json;
	return o;
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

void object_add_bytes(struct object *o, const char *key, const char *s)
{
	if (s)
		object_add(o, key, utf8_json(s));
	else
		object_add_null(o, key);
}

void object_add_strings(struct object *o, const char *key, char *const *strings,
			size_t n)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < n; i++) {
		struct json_object *s = json_object_new_string(strings[i]);

		if (!s || json_object_array_add(array, s) < 0) {
			json_object_put(s);
			json_object_put(array);
			array = NULL;
		}
	}
	object_add(o, key, array);
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
