// SPDX-License-Identifier: GPL-2.0
/* Reading the values of a JSON document, see reader.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/object.h"
#include "base/quote.h"
#include "reader.h"

/* A path that is longer is cut. */
#define PATH_SIZE 256

struct path {
	char text[PATH_SIZE];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void
add_to_path(struct path *path, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(path->text + path->len, PATH_SIZE - path->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		path->len += (size_t)n;
	if (path->len >= PATH_SIZE)
		path->len = PATH_SIZE - 1;
}

static void add_key(struct path *path, const struct node *in, const char *key)
{
	if (in->is_map)
		add_to_path(path, "[\"%s\"]", QUOTE(key));
	else
		add_to_path(path, "%s%s", path->len ? "." : "", key);
}

static void add_node(struct path *path, const struct node *node)
{
	if (!node->in)
		return;
	add_node(path, node->in);
	if (node->key)
		add_key(path, node->in, node->key);
	else
		add_to_path(path, "[%zu]", node->index);
}

static struct path path_of(const struct node *node, const char *key)
{
	struct path path = { .len = 0 };

	add_node(&path, node);
	if (key)
		add_key(&path, node, key);
	if (!path.len)
		add_to_path(&path, "the document");
	return path;
}

void reader_error(struct reader *r, const struct node *node, const char *key,
		  const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (r->failed)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	failed(r->failure, EXIT_FAILED, "%s: %s", path_of(node, key).text,
	       text);
	r->failed = true;
}

void reader_missing(struct reader *r, const struct node *node, const char *key)
{
	if (r->failed)
		return;
	failed(r->failure, EXIT_FAILED, "%s is missing",
	       path_of(node, key).text);
	r->failed = true;
}

static void no_memory(struct reader *r)
{
	if (!r->failed)
		failed(r->failure, EXIT_FAILED, "out of memory");
	r->failed = true;
}

void reader_warn(struct reader *r, const struct node *node, const char *key,
		 const char *fmt, ...)
{
	struct warnings *w = r->warnings;
	char text[256];
	va_list ap;

	if (r->failed || w->n == WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	w->texts[w->n] = reader_printf(r, "%s: %s", path_of(node, key).text,
				       text);
	if (w->texts[w->n])
		w->n++;
}

void *reader_alloc(struct reader *r, size_t n, size_t size)
{
	void *memory = r->failed ? NULL : arena_alloc(r->arena, n, size);

	if (!memory)
		no_memory(r);
	return memory;
}

char *reader_printf(struct reader *r, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (!r->failed)
		text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	if (!text)
		no_memory(r);
	return text;
}

static bool find(struct reader *r, const struct node *object, const char *key,
		 struct node *found)
{
	*found = (struct node){ .in = object, .key = key };
	return !r->failed &&
	       json_object_object_get_ex(object->json, key, &found->json) &&
	       found->json;
}

static bool find_type(struct reader *r, const struct node *object,
		      const char *key, json_type type, const char *name,
		      struct node *found)
{
	if (!find(r, object, key, found))
		return false;
	if (!json_object_is_type(found->json, type))
		reader_error(r, found, NULL, "%s is needed", name);
	return !r->failed;
}

static bool check_count(struct reader *r, const struct node *node, size_t n,
			size_t max)
{
	if (n > max)
		reader_error(r, node, NULL, "there are more than %zu", max);
	return !r->failed;
}

bool reader_object(struct reader *r, const struct node *object, const char *key,
		   struct node *found)
{
	return find_type(r, object, key, json_type_object, "an object", found);
}

bool reader_map(struct reader *r, const struct node *object, const char *key,
		size_t max, struct node *found)
{
	if (!reader_object(r, object, key, found))
		return false;
	found->is_map = true;
	return check_count(r, found,
			   (size_t)json_object_object_length(found->json), max);
}

bool reader_array(struct reader *r, const struct node *object, const char *key,
		  size_t max, struct node *found)
{
	return find_type(r, object, key, json_type_array, "an array", found) &&
	       check_count(r, found, json_object_array_length(found->json),
			   max);
}

bool reader_bool(struct reader *r, const struct node *object, const char *key,
		 bool *value)
{
	struct node node;

	if (!find_type(r, object, key, json_type_boolean, "true or false",
		       &node))
		return false;
	*value = json_object_get_boolean(node.json);
	return true;
}

/* json-c clamps a number that does not fit: a type of its own tells which way. */
static bool in_range(struct json_object *json, int64_t min, int64_t max)
{
	int64_t n = json_object_get_int64(json);

	if (!json_object_is_type(json, json_type_int) || n < min || n > max)
		return false;
	return n != INT64_MAX || json_object_get_uint64(json) == INT64_MAX;
}

static bool check_number(struct reader *r, const struct node *node, int64_t min,
			 int64_t max, int64_t *value)
{
	if (in_range(node->json, min, max))
		*value = json_object_get_int64(node->json);
	else
		reader_error(r, node, NULL,
			     "a number from %" PRId64 " to %" PRId64
			     " is needed",
			     min, max);
	return !r->failed;
}

bool reader_number(struct reader *r, const struct node *object, const char *key,
		   int64_t min, int64_t max, int64_t *value)
{
	struct node node;

	return find(r, object, key, &node) &&
	       check_number(r, &node, min, max, value);
}

bool reader_u64(struct reader *r, const struct node *object, const char *key,
		uint64_t *value)
{
	struct node node;

	if (!find(r, object, key, &node))
		return false;
	if (!json_object_is_type(node.json, json_type_int) ||
	    json_object_get_int64(node.json) < 0)
		reader_error(r, &node, NULL,
			     "a number from 0 to %" PRIu64 " is needed",
			     UINT64_MAX);
	else
		*value = json_object_get_uint64(node.json);
	return !r->failed;
}

uint32_t reader_u32(struct reader *r, const struct node *object,
		    const char *key, uint32_t max, uint32_t missing)
{
	int64_t value = missing;

	reader_number(r, object, key, 0, max, &value);
	return (uint32_t)value;
}

static const char *string_of(struct reader *r, const struct node *node)
{
	if (!json_object_is_type(node->json, json_type_string)) {
		reader_error(r, node, NULL, "a string is needed");
		return NULL;
	}
	return json_object_get_string(node->json);
}

const char *reader_string(struct reader *r, const struct node *object,
			  const char *key)
{
	const char *s;
	struct node node;

	if (!find(r, object, key, &node))
		return NULL;
	s = string_of(r, &node);
	return s && *s ? s : NULL;
}

char **reader_strings(struct reader *r, const struct node *object,
		      const char *key, size_t *n)
{
	struct node array;
	char **strings;

	*n = 0;
	if (!reader_array(r, object, key, ITEMS_MAX, &array))
		return NULL;
	*n = reader_length(r, &array);
	strings = reader_alloc(r, *n + 1, sizeof(*strings));
	for (size_t i = 0; i < *n && !r->failed; i++)
		strings[i] = (char *)reader_item_string(r, &array, i);
	return strings;
}

int64_t reader_needed_number(struct reader *r, const struct node *object,
			     const char *key, int64_t min, int64_t max)
{
	int64_t value = 0;

	if (!reader_number(r, object, key, min, max, &value))
		reader_missing(r, object, key);
	return value;
}

uint64_t reader_needed_u64(struct reader *r, const struct node *object,
			   const char *key)
{
	uint64_t value = 0;

	if (!reader_u64(r, object, key, &value))
		reader_missing(r, object, key);
	return value;
}

const char *reader_needed_string(struct reader *r, const struct node *object,
				 const char *key)
{
	const char *s;
	struct node node;

	if (!find(r, object, key, &node)) {
		reader_missing(r, object, key);
		return NULL;
	}
	s = string_of(r, &node);
	if (s && !*s)
		reader_error(r, &node, NULL, "it is empty");
	return s;
}

static const char *check_path(struct reader *r, const struct node *node,
			      const char *key, const char *path)
{
	if (path && *path != '/')
		reader_error(r, node, key, "\"%s\" is not an absolute path",
			     QUOTE(path));
	return path;
}

const char *reader_needed_path(struct reader *r, const struct node *object,
			       const char *key)
{
	return check_path(r, object, key, reader_needed_string(r, object, key));
}

size_t reader_length(const struct reader *r, const struct node *array)
{
	return r->failed ? 0 : json_object_array_length(array->json);
}

struct node reader_item(const struct node *array, size_t i)
{
	return (struct node){
		.json = json_object_array_get_idx(array->json, i),
		.in = array,
		.index = i,
	};
}

struct node reader_item_object(struct reader *r, const struct node *array,
			       size_t i)
{
	struct node item = reader_item(array, i);

	if (!json_object_is_type(item.json, json_type_object))
		reader_error(r, &item, NULL, "an object is needed");
	return item;
}

const char *reader_item_string(struct reader *r, const struct node *array,
			       size_t i)
{
	struct node item = reader_item(array, i);

	return string_of(r, &item);
}

const char *reader_item_path(struct reader *r, const struct node *array,
			     size_t i)
{
	struct node item = reader_item(array, i);

	return check_path(r, &item, NULL, string_of(r, &item));
}

uint32_t reader_item_u32(struct reader *r, const struct node *array, size_t i,
			 uint32_t max)
{
	struct node item = reader_item(array, i);
	int64_t value = 0;

	check_number(r, &item, 0, max, &value);
	return (uint32_t)value;
}

struct reader_pair *reader_pairs(struct reader *r, const struct node *object,
				 const char *key, size_t max, size_t *n)
{
	struct reader_pair *pairs;
	struct node map;

	*n = 0;
	if (!reader_map(r, object, key, max, &map))
		return NULL;
	pairs = reader_alloc(r, (size_t)json_object_object_length(map.json) + 1,
			     sizeof(*pairs));
	if (!pairs)
		return NULL;
	json_object_object_foreach(map.json, name, json) {
		const struct node value = { .json = json,
					    .in = &map,
					    .key = name };

		pairs[*n].key = name;
		pairs[(*n)++].value = string_of(r, &value);
	}
	return pairs;
}

int64_t reader_named(struct reader *r, const struct node *object,
		     const char *key, const char *string,
		     const struct reader_name *table)
{
	if (!string)
		return 0;
	for (; table->name; table++)
		if (!strcmp(table->name, string))
			return table->value;
	reader_error(r, object, key, "\"%s\" is unknown", QUOTE(string));
	return 0;
}
