/* SPDX-License-Identifier: GPL-2.0 */
/* The resources of a configuration, for a cgroup of v2. */
#ifndef OCI_CONFIG_RESOURCES_H
#define OCI_CONFIG_RESOURCES_H

#include "cgroup/resources.h"
#include "document/reader.h"

/**
 * read_resources() - read all of linux.resources but the devices
 * A limit of 0 counts as missing where callers send it as such. A setting of cgroup v1
 * that v2 does not have is an error, unless it is 0 or false.
 */
void read_resources(struct reader *r, const struct node *node,
		    struct cgroup_resources *resources);

#endif /* OCI_CONFIG_RESOURCES_H */
