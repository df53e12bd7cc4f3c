/* SPDX-License-Identifier: GPL-2.0 */
/* The namespaces of a configuration, and what belongs to some of them. */
#ifndef OCI_CONFIG_NAMESPACES_H
#define OCI_CONFIG_NAMESPACES_H

#include "launch/spec.h"
#include "document/reader.h"

/** namespace_name() - the name of kind @i, for features; NULL: there are no more */
const char *namespace_name(size_t i);

/** has_namespace() - whether the container has one that is new, or joins one by path */
bool has_namespace(const struct container_spec *spec, uint64_t kind);

/**
 * read_namespaces() - read linux.namespaces, uidMappings, gidMappings and timeOffsets,
 * and the names of the host and domain
 */
void read_namespaces(struct reader *r, const struct node *document,
		     const struct node *linux_node,
		     struct container_spec *spec);

#endif /* OCI_CONFIG_NAMESPACES_H */
