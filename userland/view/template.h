/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Output in a form that the user chooses: a text with "{{.KEY}}" where a value of a JSON
 * object belongs, as container engines have it. "\t" and "\n" are a tab and a new line.
 *
 * A key may be written as in the JSON ("exit_code") or as container engines write it
 * ("ExitCode"). As with them, ID and Names are the name, and Status is the state.
 */
#ifndef VIEW_TEMPLATE_H
#define VIEW_TEMPLATE_H

#include <json-c/json.h>
#include <stdbool.h>

#include "base/failure.h"

/**
 * template_print() - print the text for one object, and a new line
 * Strings are printed without quotes and escaped, null as "". Returns 0, or -1 with
 * @failure filled: the object has no such key, or the text is malformed.
 */
int template_print(const char *text, struct json_object *object,
		   struct failure *failure);

/** template_value() - the value of a key that is written in any such way; NULL: none */
struct json_object *template_value(struct json_object *object, const char *key,
				   size_t len, bool *found);

/** template_text() - a value as it is printed; for free(); NULL: no memory */
char *template_text(struct json_object *value);

#endif /* VIEW_TEMPLATE_H */
