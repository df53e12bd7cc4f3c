/* SPDX-License-Identifier: LGPL-2.1 */
/* Limits of setrlimit(2) by name. */
#ifndef BASE_PARSE_RLIMIT_H
#define BASE_PARSE_RLIMIT_H

#include <sys/resource.h>

/** rlimit_names - "RLIMIT_CPU" and so on by number, NULL at the end */
extern const char *const rlimit_names[RLIM_NLIMITS + 1];

/**
 * parse_rlimit() - parse "nofile=1024" or "nofile=1024:4096", as docker has it
 * The name is in any case, with or without "RLIMIT_". A value is a number, or -1 or
 * "unlimited". One value is both limits.
 * Errors: -ENOENT (there is no such limit), -EINVAL, -ERANGE (soft above hard).
 */
int parse_rlimit(const char *s, int *resource, struct rlimit *limit);

#endif /* BASE_PARSE_RLIMIT_H */
