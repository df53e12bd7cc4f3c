/* SPDX-License-Identifier: LGPL-2.1 */
/* The names of capabilities. */
#ifndef BASE_CAPABILITY_H
#define BASE_CAPABILITY_H

#include <stdint.h>

/** capability_names - "CAP_CHOWN" and so on by number, NULL at the end */
extern const char *const capability_names[];

/** capability_bit() - the bit of a capability; 0: there is none of that name */
uint64_t capability_bit(const char *name);

/**
 * parse_capability() - parse "CAP_CHOWN", "chown" or "ALL", in any case
 * @bits: of ALL: all 64 bits. Errors: -EINVAL (no such capability).
 */
int parse_capability(const char *s, uint64_t *bits);

#endif /* BASE_CAPABILITY_H */
