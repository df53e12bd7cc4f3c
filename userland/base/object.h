/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * JSON objects: building them, and reading their fields.
 *
 * A builder remembers that memory ran out and does nothing from then on, so that
 * only object_done() has to be checked.
 */
#ifndef BASE_OBJECT_H
#define BASE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

/** struct object - one that is being built; for object_done() */
struct object {
	struct json_object *json;
	bool failed; /* memory ran out */
};

struct object object_new(void);
/** object_done() - the object, for json_object_put(); NULL: memory ran out */
struct json_object *object_done(struct object *o);

/** object_add() - takes @value over; NULL means that memory ran out */
void object_add(struct object *o, const char *key, struct json_object *value);
void object_add_null(struct object *o, const char *key);
void object_add_u64(struct object *o, const char *key, uint64_t v);
void object_add_int(struct object *o, const char *key, int v);
void object_add_bool(struct object *o, const char *key, bool v);
/** object_add_string() - valid UTF-8; NULL becomes null */
void object_add_string(struct object *o, const char *key, const char *s);
/** object_add_bytes() - any bytes, see utf8.h; NULL becomes null */
void object_add_bytes(struct object *o, const char *key, const char *s);
/** object_add_strings() - an array of @n strings, valid UTF-8 */
void object_add_strings(struct object *o, const char *key, char *const *strings,
			size_t n);

/*
 * Reading. Returns 0, -ENOENT if there is no such field or it is null, or -EINVAL if
 * it is of another type, out of range or a string that holds a NUL. A string belongs
 * to the object.
 */
int object_get_string(struct json_object *o, const char *key, const char **s);
int object_get_u64(struct json_object *o, const char *key, uint64_t *v);
int object_get_int(struct json_object *o, const char *key, int *v);
int object_get_bool(struct json_object *o, const char *key, bool *v);

/** object_is() - whether field @key is the string @value */
bool object_is(struct json_object *o, const char *key, const char *value);

/** json_plain_string() - a JSON string's text; NULL if it holds a NUL */
const char *json_plain_string(struct json_object *v);

#endif /* BASE_OBJECT_H */
