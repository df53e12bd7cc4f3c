/* SPDX-License-Identifier: GPL-2.0 */
/* Ending a container and removing what it has on the host. */
#ifndef OCI_REMOVAL_H
#define OCI_REMOVAL_H

#include "container.h"

/** container_kill() - send SIGKILL to a live container as its manager, and wait for its end */
int container_kill(struct oci_container *c, struct failure *failure);

/**
 * container_remove() - remove the cgroup and the state of a container that has ended
 * The kernel's record stays: it says how the container ended. A removal that was
 * interrupted can be repeated.
 */
int container_remove(struct oci_container *c, struct failure *failure);

#endif /* OCI_REMOVAL_H */
