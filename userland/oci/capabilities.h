/* SPDX-License-Identifier: GPL-2.0 */
/* The names of capabilities, and sets of them in a configuration. */
#ifndef OCI_CAPABILITIES_H
#define OCI_CAPABILITIES_H

#include "launch/spec.h"
#include "reader.h"

/** capability_names - "CAP_CHOWN" and so on by number, NULL at the end */
extern const char *const capability_names[];

/** capability_bit() - the bit of a capability; 0: there is none of that name */
uint64_t capability_bit(const char *name);

/**
 * read_capabilities() - read process.capabilities; returns whether it is there
 * A name that is not in the table is ignored, with a warning, as the spec says.
 */
bool read_capabilities(struct reader *r, const struct node *process,
		       struct capability_sets *sets);

#endif /* OCI_CAPABILITIES_H */
