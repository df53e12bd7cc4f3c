/* SPDX-License-Identifier: GPL-2.0 */
/* The mounts of a configuration. */
#ifndef OCI_CONFIG_MOUNTS_H
#define OCI_CONFIG_MOUNTS_H

#include "launch/spec.h"
#include "document/reader.h"

/**
 * read_mounts() - read "mounts"; the namespaces and id maps of @spec are known
 * @label: of linux.mountLabel, or NULL
 */
void read_mounts(struct reader *r, const struct node *document,
		 const char *label, struct container_spec *spec);

/** has_host_dev() - whether a folder of the host is bound to /dev */
bool has_host_dev(const struct container_spec *spec);

#endif /* OCI_CONFIG_MOUNTS_H */
