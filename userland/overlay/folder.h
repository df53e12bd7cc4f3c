/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State folders: <state>/<id>/ holds what an overlay writes. A folder that can hold any
 * number of files is not removed at once. It gets another name first, so that the id
 * is free, and a thread removes it later.
 */
#ifndef OVERLAY_FOLDER_H
#define OVERLAY_FOLDER_H

#include "remover.h"

/** struct state_folders - where state folders are, and who removes them */
struct state_folders {
	const char *dir; /* the state directory */
	struct remover *remover;
	unsigned int n_aside; /* folders that got another name */
};

/**
 * state_make() - make the folder of a container
 * A folder that a supervisor which died has left behind is put aside and removed.
 */
int state_make(struct state_folders *folders, const char *path);

/** state_put_aside() - give another name to a folder that cannot be removed now */
int state_put_aside(struct state_folders *folders, const char *path);

/**
 * state_remove_later() - free the name of a folder at once, and remove it later
 * It is no error if there is no such folder. After an error it still has its name.
 */
int state_remove_later(struct state_folders *folders, const char *path);

/** state_sweep() - remove later what was put aside and is still there */
int state_sweep(struct state_folders *folders);

/** state_swept() - a job of the remover that has no owner is back */
void state_swept(struct remover_job *job);

#endif /* OVERLAY_FOLDER_H */
