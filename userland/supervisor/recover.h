/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking over from an earlier supervisor of the run directory, which may have been killed
 * or told to leave at any instant. The kernel's table has the containers and how they
 * ended. Their cookies say where their files are. Run folders name the things that each
 * has on the host. The log pipeline has the output that is not written yet.
 *
 * This process may be killed meanwhile, and the next supervisor does the same again: a
 * run folder is removed after the things that it names, and an ended container goes
 * through the steps of every end (end.h).
 */
#ifndef SUPERVISOR_RECOVER_H
#define SUPERVISOR_RECOVER_H

#include "supervisor.h"

/** recover_check() - check whether this version can take over; changes nothing */
int recover_check(struct supervisor *supervisor, struct failure *failure);

/**
 * recover() - take over
 * Call this after the log pipeline was created, and before the control socket is opened.
 * The kernel's events must be joined before: the loop delivers those that come meanwhile.
 */
int recover(struct supervisor *supervisor, struct failure *failure);

#endif /* SUPERVISOR_RECOVER_H */
