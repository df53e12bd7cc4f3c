/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks against the containers of other supervisors: two supervisors must not use the
 * same folders. They learn of each other from the kernel's table. The cookie of each
 * live container names its root and the folders of the supervisor that started it. The
 * cookie stays if that supervisor dies.
 *
 * A supervisor without live containers is not visible in the table. It makes the same
 * checks before it starts a container.
 */
#ifndef SUPERVISOR_NEIGHBOURS_H
#define SUPERVISOR_NEIGHBOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "root.h"

/**
 * neighbours_check() - compare the root of a new container with those of all others
 * @wanted: the path of the root, for messages
 * @overlay: the root is the base of an overlay
 * @id: the container's id in the kernel's table; 0: it is not there yet
 * Call this right after kernel_check(), before anything is made for the container, and
 * again after it was registered. If two containers are registered at the same time, each
 * sees the other in the second call, and the one with the higher id is refused.
 */
int neighbours_check(struct supervisor *supervisor, const struct root *root,
		     const char *wanted, bool overlay, uint64_t id,
		     struct failure *failure);

/**
 * neighbours_is_foreign() - whether a record is of a live container that is not in @registry
 * After an event with such a record, the table must be read (struct supervisor, alone).
 */
bool neighbours_is_foreign(const struct registry *registry,
			   const struct purser_container *record);

/** neighbours_check_folders() - compare the supervisor's folders with all roots */
int neighbours_check_folders(struct supervisor *supervisor,
			     struct failure *failure);

#endif /* SUPERVISOR_NEIGHBOURS_H */
