/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The containers of other supervisors: no two supervisors may use the same folders.
 * They meet in the kernel's table. The cookie of each live container names its root and
 * the folders of the supervisor that started it. It stays if that supervisor dies, and
 * goes with the container.
 *
 * A supervisor that has no live container is not in the table. Before it starts a
 * container, it looks itself.
 */
#ifndef SUPERVISOR_NEIGHBOURS_H
#define SUPERVISOR_NEIGHBOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "root.h"

/**
 * neighbours_check() - compare the root that a container is to have with all others
 * @wanted: its name for messages
 * @overlay: it is the base of an overlay
 * @id: the container's in the kernel's table; 0: it is not there yet
 * Call it before anything is made for the container, and again when the container is
 * in the table. If two are entered at the same time, each sees the other then, and the
 * later one, which has the higher id, is refused.
 */
int neighbours_check(struct supervisor *supervisor, const struct root *root,
		     const char *wanted, bool overlay, uint64_t id,
		     struct failure *failure);

/** neighbours_check_folders() - compare the supervisor's own folders with all roots */
int neighbours_check_folders(struct supervisor *supervisor,
			     struct failure *failure);

#endif /* SUPERVISOR_NEIGHBOURS_H */
