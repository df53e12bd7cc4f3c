/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A struct as a JSON object and back, by a table of its fields. The table is the one
 * place that says how a field is called and of what type it is.
 */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include <stddef.h>

#include "object.h"
#include "strings.h"

/**
 * enum field_type - the type of a member
 * @FIELD_STRING: char *, which the struct owns once it was decoded
 * @FIELD_STRINGS: struct string_list
 * @FIELD_TEXT: char[size]
 * @FIELD_U64: uint64_t
 * @FIELD_U32: uint32_t; a larger number is decoded as UINT32_MAX
 * @FIELD_INT: int, or an enum
 * @FIELD_BOOL: bool
 * @FIELD_NAME: int, or an enum, that is written as one of @names
 */
enum field_type {
	FIELD_STRING,
	FIELD_STRINGS,
	FIELD_TEXT,
	FIELD_U64,
	FIELD_U32,
	FIELD_INT,
	FIELD_BOOL,
	FIELD_NAME,
};

/* An object without the field is refused. */
#define FIELD_NEEDED (1u << 0)
/* A string that is NULL is written as null; else it is left out. */
#define FIELD_NULL (1u << 1)
/* Zero is left out. */
#define FIELD_NOT_ZERO (1u << 2)
/* The bool at @given says whether the object has the field. */
#define FIELD_GIVEN (1u << 3)

struct field {
	const char *key; /* NULL ends a table */
	enum field_type type;
	unsigned int flags; /* FIELD_* */
	size_t offset;
	size_t size;		  /* of a FIELD_TEXT */
	size_t given;		  /* offset, with FIELD_GIVEN */
	const char *const *names; /* of a FIELD_NAME, NULL at the end */
};

/** fields_encode() - add all fields to @o; strings are valid UTF-8 */
void fields_encode(const struct field *table, const void *from,
		   struct object *o);

/**
 * fields_decode() - fill a struct; members of fields that are not there stay
 * Errors: -ENOENT (a needed field is missing), -EINVAL (not of its type), -ENOMEM,
 * with @key set to the field at fault. fields_free() is needed after an error, too.
 */
int fields_decode(const struct field *table, struct json_object *o, void *to,
		  const char **key);

/** fields_free() - free what the struct owns */
void fields_free(const struct field *table, void *of);

#endif /* BASE_FIELDS_H */
