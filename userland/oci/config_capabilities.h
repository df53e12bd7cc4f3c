/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of capabilities in a configuration. */
#ifndef OCI_CONFIG_CAPABILITIES_H
#define OCI_CONFIG_CAPABILITIES_H

#include "launch/spec.h"
#include "document/reader.h"

/**
 * read_capabilities() - read process.capabilities; returns whether it is there
 * A name that is not in the table is ignored, with a warning, as the spec says.
 */
bool read_capabilities(struct reader *r, const struct node *process,
		       struct capability_sets *sets);

#endif /* OCI_CONFIG_CAPABILITIES_H */
