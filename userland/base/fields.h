/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Converting a struct to a JSON object and back, by a table of its fields. The table is
 * the one place that has the names and types of the fields.
 */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include <stddef.h>

#include "object.h"
#include "strings.h"

/**
 * enum field_type - the type of a member
 * @FIELD_STRING: char *, which a decoded struct owns
 * @FIELD_STRINGS: struct string_list
 * @FIELD_TEXT: char[size]
 * @FIELD_U64: uint64_t
 * @FIELD_U32: uint32_t; a larger number is decoded as UINT32_MAX
 * @FIELD_INT: int, or an enum
 * @FIELD_BOOL: bool
 * @FIELD_NAME: int, or an enum; the object has the name at that index of @names
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

/* Refuse an object without the field. */
#define FIELD_NEEDED (1u << 0)
/* Encode a string that is NULL as null; without this flag it is left out. */
#define FIELD_NULL (1u << 1)
/* Leave out a number that is 0. */
#define FIELD_NOT_ZERO (1u << 2)
/* The bool at @given tells whether the object has the field. */
#define FIELD_GIVEN (1u << 3)

struct field {
	const char *key; /* NULL ends a table */
	enum field_type type;
	unsigned int flags; /* FIELD_* */
	size_t offset;
	size_t size;		  /* of a FIELD_TEXT */
	size_t given;		  /* offset of a bool, with FIELD_GIVEN */
	const char *const *names; /* of a FIELD_NAME, NULL at the end */
};

/** fields_encode() - add all fields of a struct to @o */
void fields_encode(const struct field *table, const void *from,
		   struct object *o);

/**
 * fields_decode() - fill a struct; members whose field is missing keep their values
 * Errors: -ENOENT (a needed field is missing), -EINVAL (a field is of another type, or
 * out of range), -ENOMEM; @key is then set to the name of the field. Call fields_free()
 * also after an error.
 */
int fields_decode(const struct field *table, struct json_object *o, void *to,
		  const char **key);

/** fields_free() - free the strings of a decoded struct */
void fields_free(const struct field *table, void *of);

#endif /* BASE_FIELDS_H */
