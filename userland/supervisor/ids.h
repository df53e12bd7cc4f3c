/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ids of containers that are nobody outside: each has a range of user ids, and the same
 * range of group ids.
 *
 * No file lists the ranges that are in use. The kernel's table says which containers live,
 * whichever supervisor or runtime has started them, and the maps of their first processes
 * say which ids they have. So a range is free as soon as its container is dead, and a
 * supervisor that takes over knows them all.
 */
#ifndef SUPERVISOR_IDS_H
#define SUPERVISOR_IDS_H

#include <stdint.h>

#include "base/failure.h"

struct container;
struct supervisor;

/**
 * ids_pick() - find a range that no live container has
 * Returns 0 or a negative errno; -ENOSPC: all are in use.
 */
int ids_pick(struct supervisor *supervisor, uint32_t *first);

/**
 * ids_check() - refuse a container whose range another one has, with an older record
 * Two supervisors may have picked the same range at the same moment.
 */
int ids_check(const struct container *c, struct failure *failure);

#endif /* SUPERVISOR_IDS_H */
