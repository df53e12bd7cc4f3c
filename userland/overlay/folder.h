/* SPDX-License-Identifier: GPL-2.0 */
/* State folders: <state>/<id>/ holds what an overlay writes. */
#ifndef OVERLAY_FOLDER_H
#define OVERLAY_FOLDER_H

struct cleaner_job;
struct supervisor;

/**
 * state_make() - make the folder of a container
 * One that a supervisor which died has left behind is put aside and removed.
 */
int state_make(struct supervisor *supervisor, const char *path);

/** state_put_aside() - one that cannot be removed now, until state_sweep() */
int state_put_aside(struct supervisor *supervisor, const char *path);

/**
 * state_remove_later() - free its name at once, and remove it in the background
 * No error where it is not there. On error it still has its name.
 */
int state_remove_later(struct supervisor *supervisor, const char *path);

/** state_sweep() - remove what was put aside and is still there */
int state_sweep(struct supervisor *supervisor);

/** state_swept() - a job of the cleaner that has no container is back */
void state_swept(struct cleaner_job *job);

#endif /* OVERLAY_FOLDER_H */
