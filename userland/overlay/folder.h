/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State folders: <state>/<id>/ holds the writable layer of a container. A state folder
 * may hold any number of files, so removing it can take long. It is renamed at once,
 * which frees its name for another container, and a thread removes it later (remover.h).
 */
#ifndef OVERLAY_FOLDER_H
#define OVERLAY_FOLDER_H

#include <stdbool.h>

#include "remover.h"

/** struct state_folders - where state folders are, and who removes them */
struct state_folders {
	const char *dir; /* the state directory */
	struct remover *remover;
	unsigned int
		n_aside; /* how many folders were renamed, for unique names */
};

/**
 * state_make() - make the state folder of a container
 * If a dead supervisor has left a folder there, that is put aside and removed.
 */
int state_make(struct state_folders *folders, const char *path);

/**
 * state_is_layer() - whether a folder holds nothing but a layer, or nothing at all
 * @folder: the open state directory. false: also if the folder cannot be read
 */
bool state_is_layer(int folder, const char *name);

/** state_put_aside() - rename a folder that cannot be removed now */
int state_put_aside(struct state_folders *folders, const char *path);

/**
 * state_remove_later() - rename a folder now, and remove it later
 * It is no error if there is no such folder. After an error it still has its name.
 */
int state_remove_later(struct state_folders *folders, const char *path);

/** state_sweep() - remove, later, all folders that were put aside */
int state_sweep(struct state_folders *folders);

/** state_swept() - finish a job of the remover that has no owner */
void state_swept(struct remover_job *job);

#endif /* OVERLAY_FOLDER_H */
