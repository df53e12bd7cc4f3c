/* SPDX-License-Identifier: LGPL-2.1 */
/* Points in time as text. They are nanoseconds since 1970, not before. */
#ifndef BASE_PARSE_TIME_H
#define BASE_PARSE_TIME_H

#include <stddef.h>
#include <stdint.h>

/**
 * parse_timestamp() - RFC 3339: "2026-01-31T12:00:00", with any number of
 * decimals, and "Z" or an offset like "+01:00"; UTC where it has none
 * @len: all of @s; what is behind is not looked at
 * Decimals beyond the ninth are cut off. Errors: -EINVAL, -ERANGE (before 1970
 * or after 2261).
 */
int parse_timestamp(const char *s, size_t len, int64_t *ns);

/**
 * parse_time() - what people type
 * As parse_timestamp(), or a date ("2026-01-31", its first moment in UTC), or
 * seconds since 1970 ("1769860800.5", also with "@" in front), or how long before
 * @now: "10m", "1h30m", "2d"; units d, h, m, s, each once, the longest first.
 * Errors: -EINVAL, -ERANGE (out of what @ns holds).
 */
int parse_time(const char *s, int64_t now, int64_t *ns);

#endif /* BASE_PARSE_TIME_H */
