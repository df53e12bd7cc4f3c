/* SPDX-License-Identifier: LGPL-2.1 */
/* Parsing points in time, to nanoseconds since 1970. Earlier ones are refused. */
#ifndef BASE_PARSE_TIME_H
#define BASE_PARSE_TIME_H

#include <stddef.h>
#include <stdint.h>

/**
 * parse_timestamp() - parse a time as in RFC 3339: "2026-01-31T12:00:00"
 * @len: how many bytes of @s are the time
 * Any number of decimals may follow the seconds; those beyond the ninth are cut off. "Z"
 * or an offset like "+01:00" may follow; without one the time is in UTC. Errors:
 * -EINVAL, -ERANGE (before 1970 or after 2261).
 */
int parse_timestamp(const char *s, size_t len, int64_t *ns);

/**
 * parse_time() - parse a time in one of the forms that people type
 * A timestamp as for parse_timestamp(); a date ("2026-01-31", its first moment in UTC);
 * seconds since 1970 ("1769860800.5", also with "@" in front); or how long before @now:
 * "10m", "1h30m", "2d". Units are d, h, m and s, each once, the longest first.
 * Errors: -EINVAL, -ERANGE (@ns cannot hold it).
 */
int parse_time(const char *s, int64_t now, int64_t *ns);

#endif /* BASE_PARSE_TIME_H */
