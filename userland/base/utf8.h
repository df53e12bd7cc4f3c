/* SPDX-License-Identifier: GPL-2.0 */
/* Words and paths are any bytes, JSON for others to read is UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <json-c/json.h>

/**
 * utf8_json() - @s as a JSON string; U+FFFD stands for each byte that is not
 * part of a well-formed sequence. NULL where memory ran out.
 */
struct json_object *utf8_json(const char *s);

#endif /* BASE_UTF8_H */
