// SPDX-License-Identifier: LGPL-2.1
#include <string.h>

#include "base/object.h"
#include "label.h"

char *record_label(const struct purser_container *c)
{
	struct json_object *cookie = object_parse(c->cookie, c->cookie_len);
	const char *name;
	char *label = NULL;

	/* The cookies of other programs may have a name of another meaning. */
	if (cookie && json_object_object_get_ex(cookie, "oci", NULL) &&
	    !object_get_string(cookie, "name", &name))
		label = strdup(name);
	json_object_put(cookie);
	return label;
}
