/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Records and events as JSON objects, the same for purserctl and engine.
 *
 * Keys are the attribute names of the netlink specification with underscores; but the
 * type of an event is "event", and the array of tracepoints is "tracepoints". A value
 * that does not exist is null, for example the exit code if a signal ended the
 * container. The name of a killer is escaped (escape.h). The cookie is the string
 * "cookie", or "cookie_hex" if it is not printable UTF-8; it is missing if the caller
 * may not read it. The caller must call json_object_put() for each object.
 */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stdbool.h>

#include <json-c/json.h>

#include "libpurser/purser.h"

/* NULL: out of memory */
struct json_object *purser_container_json(const struct purser_container *c);
struct json_object *purser_event_json(const struct purser_event *e);
struct json_object *purser_info_json(const struct purser_info *info);

/** json_print() - print @object on a line of stdout, and free it; 0 or -ENOMEM */
int json_print(struct json_object *object);

/**
 * json_print_element() - print @object as an element of an array, on its own line
 * @first: true for the first one; it becomes false
 * Returns 0 or -ENOMEM. json_print_end() ends the array.
 */
int json_print_element(struct json_object *object, bool *first);
void json_print_end(bool first);

#endif /* VIEW_JSON_H */
