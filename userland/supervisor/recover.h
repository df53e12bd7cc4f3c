/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking over what an earlier supervisor of the run directory has left. It may have been
 * killed, or told to leave, at any instant. The kernel's table has the containers and
 * how they ended; their cookies say where their files are; run folders name the things
 * that each has on the host; the log pipeline has the output that is not yet written.
 *
 * All of this can be interrupted and done again: nothing is removed before the things
 * that it names, and an ended container goes the way of every end.
 */
#ifndef SUPERVISOR_RECOVER_H
#define SUPERVISOR_RECOVER_H

#include "supervisor.h"

/** recover_check() - whether this version can take over; changes nothing */
int recover_check(struct supervisor *supervisor, struct failure *failure);

/**
 * recover() - take over; the pipeline is there, the control socket not yet
 * The kernel's events have been joined before: the loop hands out those that come in
 * meanwhile.
 */
int recover(struct supervisor *supervisor, struct failure *failure);

#endif /* SUPERVISOR_RECOVER_H */
