/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the containers of other supervisors have, so that no two use the same
 * folders. The kernel's table is where supervisors meet: the cookie of each live
 * container names its root, and the folders of the supervisor that started it. It
 * stays when that supervisor dies, and goes with the container.
 *
 * A supervisor that has no live container is not in the table. Before it starts one
 * it looks itself.
 */
#ifndef SUPERVISOR_NEIGHBOURS_H
#define SUPERVISOR_NEIGHBOURS_H

#include <stdbool.h>
#include <stdint.h>

struct admission;
struct place;
struct supervisor;

/**
 * neighbours_admit() - compare what a request asks for with what others have
 * @root: the place of its root or, where it has an overlay, of the base
 * @id: that of its container in the kernel's table; 0 before it is there
 * To be asked before a container is made, so that in general nothing is, and once
 * more when it is in the table. Of two that are entered at a time each sees the
 * other then, and the one that came later, with the higher id, is refused.
 */
bool neighbours_admit(struct admission *a, const struct place *root,
		      uint64_t id);

/**
 * neighbours_check_folders() - whether a live container has the supervisor's own
 * Returns an enum exit_code, reported.
 */
int neighbours_check_folders(struct supervisor *supervisor);

#endif /* SUPERVISOR_NEIGHBOURS_H */
