/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folders that a supervisor works in. Each is looked at before anything in it
 * is read, written or removed: only root may write it, see trust.h.
 */
#ifndef SUPERVISOR_FOLDERS_H
#define SUPERVISOR_FOLDERS_H

struct supervisor;
struct supervisor_options;

/**
 * folders_set_up() - make the run, state and log directory, and note their places
 * Returns an enum exit_code; so does the other one.
 */
int folders_set_up(struct supervisor *supervisor,
		   const struct supervisor_options *o);

/** folders_set_up_below() - those in the run directory; its lock is held */
int folders_set_up_below(struct supervisor *supervisor);

#endif /* SUPERVISOR_FOLDERS_H */
