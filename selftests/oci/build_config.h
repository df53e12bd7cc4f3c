/* SPDX-License-Identifier: GPL-2.0 */
/* Making configurations for tests: one that is valid, with one field of another value. */
#ifndef SELFTESTS_OCI_BUILD_CONFIG_H
#define SELFTESTS_OCI_BUILD_CONFIG_H

#include <json-c/json.h>

#include "tap.h"

static const char valid_config[] =
	"{\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"rootfs\"},"
	"\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"],\"user\":{}},"
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\"}]}}";

static inline struct json_object *must_parse(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *json = json_tokener_parse_ex(tokener, text,
							 (int)strlen(text) + 1);

	if (json_tokener_get_error(tokener) != json_tokener_success)
		bail("not JSON: %s", text);
	json_tokener_free(tokener);
	return json;
}

/*
 * set_field() - set the field "a.b.c" of an object to the JSON @value; objects on the way
 * are made; @value NULL: delete the field
 */
static inline void set_field(struct json_object *object, const char *path,
			     const char *value)
{
	size_t len = strcspn(path, ".");
	char key[64];
	struct json_object *inner;

	snprintf(key, sizeof(key), "%.*s", (int)len, path);
	if (!path[len] && !value) {
		json_object_object_del(object, key);
	} else if (!path[len]) {
		json_object_object_add(object, key, must_parse(value));
	} else {
		if (!json_object_object_get_ex(object, key, &inner)) {
			inner = json_object_new_object();
			json_object_object_add(object, key, inner);
		}
		set_field(inner, path + len + 1, value);
	}
}

/** config_with() - the text of the valid configuration with such a field, for free() */
static inline char *config_with(const char *path, const char *value)
{
	struct json_object *json = must_parse(valid_config);
	char *text;

	set_field(json, path, value);
	text = strdup(json_object_to_json_string(json));
	json_object_put(json);
	return text;
}

#endif /* SELFTESTS_OCI_BUILD_CONFIG_H */
