/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Records and events as JSON objects, the same for purserctl and engine. Keys
 * are the attribute names of the netlink specification with underscores, save
 * "event" for the type of an event and "tracepoints" for the array of them. A
 * value that does not exist (an exit code of a container that a signal ended)
 * is null. The name of a killer is escaped as escape.h has it. The cookie, where the caller may see one, is the string "cookie", or
 * "cookie_hex" where it is not printable UTF-8. Objects are for
 * json_object_put().
 */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stdbool.h>

#include <json-c/json.h>

#include "libpurser/purser.h"

/* NULL where memory ran out. */
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
