// SPDX-License-Identifier: GPL-2.0
/* Converting structs to JSON objects and back, see fields.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

static const void *member(const void *of, size_t offset)
{
	return (const char *)of + offset;
}

static void encode(const struct field *f, const void *value, struct object *o)
{
	const struct string_list *list = value;
	const char *s = value;

	switch (f->type) {
	case FIELD_STRING:
		s = *(char *const *)value;
		if (s || f->flags & FIELD_NULL)
			object_add_string(o, f->key, s);
		break;
	case FIELD_STRINGS:
		object_add_strings(o, f->key, list->strings, list->n);
		break;
	case FIELD_TEXT:
		if (*s)
			object_add_string(o, f->key, s);
		break;
	case FIELD_U64:
		if (*(const uint64_t *)value || !(f->flags & FIELD_NOT_ZERO))
			object_add_u64(o, f->key, *(const uint64_t *)value);
		break;
	case FIELD_U32:
		if (*(const uint32_t *)value || !(f->flags & FIELD_NOT_ZERO))
			object_add_u64(o, f->key, *(const uint32_t *)value);
		break;
	case FIELD_INT:
		object_add_int(o, f->key, *(const int *)value);
		break;
	case FIELD_BOOL:
		object_add_bool(o, f->key, *(const bool *)value);
		break;
	case FIELD_NAME:
		object_add_string(o, f->key, f->names[*(const int *)value]);
		break;
	}
}

void fields_encode(const struct field *table, const void *from,
		   struct object *o)
{
	for (const struct field *f = table; f->key; f++) {
		if (!(f->flags & FIELD_GIVEN) ||
		    *(const bool *)member(from, f->given))
			encode(f, member(from, f->offset), o);
	}
}

static int decode_string(struct json_object *o, const char *key, char **to)
{
	const char *s;
	int err = object_get_string(o, key, &s);

	if (err)
		return err;
	free(*to);
	*to = strdup(s);
	return *to ? 0 : -ENOMEM;
}

static int decode_strings(struct json_object *o, const char *key,
			  struct string_list *list)
{
	struct json_object *array;
	int err = 0;

	if (!json_object_object_get_ex(o, key, &array) || !array)
		return -ENOENT;
	if (!json_object_is_type(array, json_type_array))
		return -EINVAL;
	for (size_t i = 0; !err && i < json_object_array_length(array); i++) {
		struct json_object *v = json_object_array_get_idx(array, i);
		const char *s = json_object_is_type(v, json_type_string) ?
					json_plain_string(v) :
					NULL;

		err = s ? string_list_add(list, s) : -EINVAL;
	}
	return err;
}

static int decode_text(struct json_object *o, const char *key, char *to,
		       size_t size)
{
	const char *s;
	int err = object_get_string(o, key, &s);

	if (err)
		return err;
	if (strlen(s) >= size)
		return -EINVAL;
	memcpy(to, s, strlen(s) + 1);
	return 0;
}

static int decode_u32(struct json_object *o, const char *key, uint32_t *to)
{
	uint64_t n;
	int err = object_get_u64(o, key, &n);

	if (!err)
		*to = n < UINT32_MAX ? n : UINT32_MAX;
	return err;
}

static int decode_name(struct json_object *o, const struct field *f, int *to)
{
	const char *s;
	int err = object_get_string(o, f->key, &s);

	if (err)
		return err;
	for (int i = 0; f->names[i]; i++) {
		if (!strcmp(s, f->names[i])) {
			*to = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int decode(const struct field *f, struct json_object *o, void *value)
{
	switch (f->type) {
	case FIELD_STRING:
		return decode_string(o, f->key, value);
	case FIELD_STRINGS:
		return decode_strings(o, f->key, value);
	case FIELD_TEXT:
		return decode_text(o, f->key, value, f->size);
	case FIELD_U64:
		return object_get_u64(o, f->key, value);
	case FIELD_U32:
		return decode_u32(o, f->key, value);
	case FIELD_INT:
		return object_get_int(o, f->key, value);
	case FIELD_BOOL:
		return object_get_bool(o, f->key, value);
	case FIELD_NAME:
		return decode_name(o, f, value);
	}
	return -EINVAL;
}

/* Whether an object may lack a value for this field. */
static bool may_miss(const struct field *f, struct json_object *o)
{
	if (!(f->flags & FIELD_NEEDED))
		return true;
	return f->flags & FIELD_NULL &&
	       json_object_object_get_ex(o, f->key, NULL);
}

int fields_decode(const struct field *table, struct json_object *o, void *to,
		  const char **key)
{
	for (const struct field *f = table; f->key; f++) {
		int err = decode(f, o, (char *)to + f->offset);

		if (f->flags & FIELD_GIVEN)
			*(bool *)((char *)to + f->given) = !err;
		if (!err || (err == -ENOENT && may_miss(f, o)))
			continue;
		*key = f->key;
		return err;
	}
	return 0;
}

void fields_free(const struct field *table, void *of)
{
	for (const struct field *f = table; f->key; f++) {
		void *value = (char *)of + f->offset;

		if (f->type == FIELD_STRINGS) {
			string_list_free(value);
		} else if (f->type == FIELD_STRING) {
			free(*(char **)value);
			*(char **)value = NULL;
		}
	}
}
