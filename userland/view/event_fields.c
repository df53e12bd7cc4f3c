// SPDX-License-Identifier: GPL-2.0
/* An event as fields, see event_fields.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>

#include "event_fields.h"
#include "json.h"

/* Longer than all names; the journal takes up to 64 characters. */
#define NAME_LEN 64

static int each(struct json_object *object, const char *prefix,
		event_field_fn fn, void *arg)
{
	int err = 0;

	json_object_object_foreach(object, key, value) {
		char name[NAME_LEN];
		int len = snprintf(name, sizeof(name), "%s%s", prefix, key);

		if (err || !value)
			continue;
		if ((size_t)len >= sizeof(name) - 1)
			return -ENAMETOOLONG;
		for (char *c = name; *c; c++)
			*c = toupper((unsigned char)*c);
		if (json_object_is_type(value, json_type_object)) {
			name[len] = '_';
			name[len + 1] = '\0';
			err = each(value, name, fn, arg);
		} else {
			err = fn(name, json_object_get_string(value), arg);
		}
	}
	return err;
}

int event_fields_each(const struct purser_event *e, event_field_fn fn,
		      void *arg)
{
	struct json_object *event = purser_event_json(e);
	struct json_object *record;
	int err = -ENOMEM;

	if (event && json_object_object_get_ex(event, "container", &record)) {
		err = each(record, EVENT_FIELDS_CONTAINER, fn, arg);
		json_object_object_del(event, "container");
		if (!err)
			err = each(event, "PURSER_", fn, arg);
	}
	json_object_put(event);
	return err;
}
