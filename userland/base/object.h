/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * JSON objects: building them, and reading their fields.
 *
 * A builder notes that memory ran out and does nothing from then on. Only object_done()
 * has to be checked.
 */
#ifndef BASE_OBJECT_H
#define BASE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

/** struct object - an object that is being built; for object_done() */
struct object {
	struct json_object *json;
	bool failed; /* memory ran out */
};

/** object_new() - begin an empty object */
struct object object_new(void);
/** object_from() - go on with the object @json, which is taken over; NULL: no memory */
struct object object_from(struct json_object *json);
/** object_done() - return the object, for json_object_put(); NULL: memory ran out */
struct json_object *object_done(struct object *o);

/** object_add() - add @value, which is taken over; NULL: memory ran out */
void object_add(struct object *o, const char *key, struct json_object *value);
void object_add_null(struct object *o, const char *key);
void object_add_u64(struct object *o, const char *key, uint64_t v);
void object_add_int(struct object *o, const char *key, int v);
void object_add_bool(struct object *o, const char *key, bool v);
/** object_add_string() - add a string as it is; NULL becomes null */
void object_add_string(struct object *o, const char *key, const char *s);
/** object_add_strings() - add an array of @n strings as they are */
void object_add_strings(struct object *o, const char *key, char *const *strings,
			size_t n);
/*
 * Adding any bytes as valid UTF-8: U+FFFD takes the place of each byte that is not part
 * of a valid character.
 */
void object_add_bytes(struct object *o, const char *key, const char *s);
void object_add_bytes_array(struct object *o, const char *key,
			    char *const *strings, size_t n);

/*
 * Reading. Returns 0; -ENOENT if there is no such field or it is null; -EINVAL if it is
 * of another type, out of range, or a string that holds a NUL. A string belongs to the
 * object.
 */
int object_get_string(struct json_object *o, const char *key, const char **s);
int object_get_u64(struct json_object *o, const char *key, uint64_t *v);
int object_get_int(struct json_object *o, const char *key, int *v);
int object_get_bool(struct json_object *o, const char *key, bool *v);

/** object_is() - tell whether field @key is the string @value */
bool object_is(struct json_object *o, const char *key, const char *value);

/** json_plain_string() - return the text of a JSON string; NULL if it holds a NUL */
const char *json_plain_string(struct json_object *v);

/** object_parse() - read JSON text; NULL: it is not an object, or memory ran out */
struct json_object *object_parse(const void *text, size_t len);

/**
 * json_line() - return a value as JSON on one line, without a newline
 * @len: set to its length, or NULL
 * The text belongs to @v. NULL: memory ran out, or @v is NULL.
 */
const char *json_line(struct json_object *v, size_t *len);

#endif /* BASE_OBJECT_H */
