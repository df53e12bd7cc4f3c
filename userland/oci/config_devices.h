/* SPDX-License-Identifier: GPL-2.0 */
/* The device nodes of a configuration, and which devices its cgroup allows. */
#ifndef OCI_CONFIG_DEVICES_H
#define OCI_CONFIG_DEVICES_H

#include "cgroup/device_rules.h"
#include "launch/spec.h"
#include "document/reader.h"

/**
 * read_devices() - read linux.devices, and add the devices and links that all containers
 * have, unless a folder of the host is bound to /dev
 */
void read_devices(struct reader *r, const struct node *linux_node,
		  struct container_spec *spec);

/** read_device_rules() - read resources.devices; @n 0: there are none */
const struct device_rule *
read_device_rules(struct reader *r, const struct node *resources, size_t *n);

#endif /* OCI_CONFIG_DEVICES_H */
