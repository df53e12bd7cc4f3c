/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking over what an earlier supervisor of the run directory has left, which was
 * killed, or told to leave, at any instant. The kernel's table has the containers
 * and how they ended; their cookies what each one is; run folders what there is of
 * them on the host; the log pipeline what has not been written yet.
 *
 * All of this can be interrupted and done again: nothing is removed before what
 * it speaks of, and what an ended container has left goes the way of every end.
 */
#ifndef SUPERVISOR_RECOVER_H
#define SUPERVISOR_RECOVER_H

struct supervisor;

/**
 * recover_check() - whether this version can take over; changes nothing
 * Returns an enum exit_code, with a line on stderr where it cannot.
 */
int recover_check(struct supervisor *supervisor);

/**
 * recover() - take over; the pipeline is there, the control socket not yet
 * The kernel's events have been joined before: those that come in meanwhile are
 * handed out by the loop. Returns an enum exit_code, with a line on stderr.
 */
int recover(struct supervisor *supervisor);

#endif /* SUPERVISOR_RECOVER_H */
