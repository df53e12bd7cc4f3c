/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folders that a supervisor works in. Before anything in a folder is read, written
 * or removed, it is checked that only root may write the folder, see trust.h.
 */
#ifndef SUPERVISOR_FOLDERS_H
#define SUPERVISOR_FOLDERS_H

#include "settings.h"
#include "supervisor.h"

/** folders_set_up() - make the run, state and log directory, and note their places */
int folders_set_up(struct supervisor *supervisor,
		   const struct supervisor_options *o, struct failure *failure);

/** folders_set_up_below() - make those in the run directory; its lock is held */
int folders_set_up_below(struct supervisor *supervisor,
			 struct failure *failure);

#endif /* SUPERVISOR_FOLDERS_H */
