/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading the values of a JSON document. Every error names the field by its path, as in
 * "process.rlimits[2].soft".
 *
 * A reader notes the first error and reads nothing from then on, so that only the end of
 * a sequence of reads must check reader->failed. A field that is null counts as missing.
 */
#ifndef DOCUMENT_READER_H
#define DOCUMENT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/failure.h"

/* The most items of an array or fields of a map, where no other limit is given. */
#define ITEMS_MAX 65536

/* The most warnings that a reader keeps. */
#define WARNINGS_MAX 16

/**
 * struct node - a JSON value and its place in the document
 * @in: the object or array that it is in; NULL: it is the document
 * @key: its key in an object; NULL: it is an item of an array
 * @is_map: the keys of this object are not fixed names
 */
struct node {
	struct json_object *json;
	const struct node *in;
	const char *key;
	size_t index;
	bool is_map;
};

/** struct warnings - texts for the log; they belong to the arena */
struct warnings {
	const char *texts[WARNINGS_MAX];
	size_t n;
};

/** struct reader - see above */
struct reader {
	struct arena *arena;
	struct failure *failure;
	struct warnings *warnings;
	bool failed;
};

/** reader_error() - fail with "PATH.KEY: TEXT"; @key NULL: of @node itself */
void reader_error(struct reader *r, const struct node *node, const char *key,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/** reader_missing() - fail with "PATH.KEY is missing" */
void reader_missing(struct reader *r, const struct node *node, const char *key);
/** reader_warn() - add "PATH.KEY: TEXT" to the warnings, unless there are too many */
void reader_warn(struct reader *r, const struct node *node, const char *key,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/** reader_alloc() - memory of the arena, all zero; NULL: the reader has failed */
void *reader_alloc(struct reader *r, size_t n, size_t size);
/** reader_printf() - print to a string of the arena; NULL: the reader has failed */
char *reader_printf(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Each of these returns true if @object has the field @key, and sets the last argument
 * then. If the field is missing, they return false and leave the argument as it is.
 */
bool reader_object(struct reader *r, const struct node *object, const char *key,
		   struct node *found);
/** reader_map() - an object whose keys are not fixed names; at most @max of them */
bool reader_map(struct reader *r, const struct node *object, const char *key,
		size_t max, struct node *found);
bool reader_array(struct reader *r, const struct node *object, const char *key,
		  size_t max, struct node *found);
bool reader_bool(struct reader *r, const struct node *object, const char *key,
		 bool *value);
/** reader_number() - an integer from @min to @max */
bool reader_number(struct reader *r, const struct node *object, const char *key,
		   int64_t min, int64_t max, int64_t *value);
/** reader_u64() - an integer from 0 to 2^64 - 1 */
bool reader_u64(struct reader *r, const struct node *object, const char *key,
		uint64_t *value);

/** reader_u32() - an integer from 0 to @max, or @missing */
uint32_t reader_u32(struct reader *r, const struct node *object,
		    const char *key, uint32_t max, uint32_t missing);
/** reader_string() - a string, or NULL if it is missing or empty */
const char *reader_string(struct reader *r, const struct node *object,
			  const char *key);
/** reader_strings() - an array of strings, NULL-terminated; NULL: missing */
char **reader_strings(struct reader *r, const struct node *object,
		      const char *key, size_t *n);

/* The same for fields that must be there, and strings that must not be empty. */
int64_t reader_needed_number(struct reader *r, const struct node *object,
			     const char *key, int64_t min, int64_t max);
uint64_t reader_needed_u64(struct reader *r, const struct node *object,
			   const char *key);
const char *reader_needed_string(struct reader *r, const struct node *object,
				 const char *key);
/** reader_needed_path() - a string that begins with a slash */
const char *reader_needed_path(struct reader *r, const struct node *object,
			       const char *key);

/** reader_length() - the number of items of an array; 0 once the reader has failed */
size_t reader_length(const struct reader *r, const struct node *array);
/** reader_item() - item @i of an array */
struct node reader_item(const struct node *array, size_t i);
/** reader_item_object() - the same; fails if it is no object */
struct node reader_item_object(struct reader *r, const struct node *array,
			       size_t i);
/** reader_item_string() - a string in an array, maybe empty; NULL: the reader has failed */
const char *reader_item_string(struct reader *r, const struct node *array,
			       size_t i);
/** reader_item_path() - a string that begins with a slash */
const char *reader_item_path(struct reader *r, const struct node *array,
			     size_t i);

/** reader_item_u32() - an integer from 0 to @max in an array */
uint32_t reader_item_u32(struct reader *r, const struct node *array, size_t i,
			 uint32_t max);

/** struct reader_pair - a key and its value */
struct reader_pair {
	const char *key;
	const char *value;
};

/** reader_pairs() - a map of strings, which may be empty; NULL: missing */
struct reader_pair *reader_pairs(struct reader *r, const struct node *object,
				 const char *key, size_t max, size_t *n);

/** struct reader_name - a name and what it stands for; a table ends with name NULL */
struct reader_name {
	const char *name;
	int64_t value;
};

/** reader_named() - look up a string in a table; fails if it is not in it */
int64_t reader_named(struct reader *r, const struct node *object,
		     const char *key, const char *string,
		     const struct reader_name *table);

#endif /* DOCUMENT_READER_H */
