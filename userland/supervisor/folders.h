/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folders of a supervisor. Before the supervisor uses anything in a folder, it
 * checks that only root can write to the folder, see trust.h.
 */
#ifndef SUPERVISOR_FOLDERS_H
#define SUPERVISOR_FOLDERS_H

#include "settings.h"
#include "supervisor.h"

/** folders_set_up() - make the run, state and log directory, and find their places */
int folders_set_up(struct supervisor *supervisor,
		   const struct supervisor_options *o, struct failure *failure);

/** folders_set_up_below() - make the folders in the run directory; call with its lock held */
int folders_set_up_below(struct supervisor *supervisor,
			 struct failure *failure);

#endif /* SUPERVISOR_FOLDERS_H */
