/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State folders that no container has: if the machine goes down, the run directory and
 * the kernel's table are lost, and the layers in the state directory stay.
 *
 * A folder is removed only if all of this is true: it has the name of a container; it
 * holds nothing but a layer; this supervisor has no live container of that name, and no run
 * folder; no cgroup has that name; no other supervisor has a record of that name, and none
 * uses the state directory at that time. A folder with any other file in it stays, so a
 * file is enough to keep a layer.
 */
#ifndef SUPERVISOR_LEFTOVERS_H
#define SUPERVISOR_LEFTOVERS_H

#include "supervisor.h"

/**
 * leftovers_sweep() - have the remover remove them
 * To be called after recovery, before the first start. From then on, other supervisors see
 * that the state directory is used. Returns 0 or a negative errno.
 */
int leftovers_sweep(struct supervisor *supervisor);

/** leftovers_remove() - the same without locking; @others: names that are not ours */
int leftovers_remove(struct supervisor *supervisor,
		     const struct string_list *others);

#endif /* SUPERVISOR_LEFTOVERS_H */
