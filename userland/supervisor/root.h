/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks of a container's root. The folder is opened once; the checks and the mount use
 * the open folder. So it does not matter if the path leads to another folder meanwhile.
 */
#ifndef SUPERVISOR_ROOT_H
#define SUPERVISOR_ROOT_H

#include "base/failure.h"
#include "cookie.h"
#include "supervisor.h"

/** struct root - the root in a request, or the base of its overlay */
struct root {
	int fd; /* -1: not open */
	char *path;
	struct place place;
};

void root_free(struct root *root);

/**
 * root_open() - open the root of a request, and check that no other container uses it
 * @wanted: its path; NULL: an overlay over the base
 * The caller must free @root even after a failure.
 */
int root_open(struct supervisor *supervisor, const char *wanted,
	      struct root *root, struct failure *failure);

/**
 * root_check_own() - refuse a place that is, holds or is inside an own folder
 * @what: "rootfs" or "volume"; @path: both for the message
 */
int root_check_own(const struct supervisor *supervisor,
		   const struct place *place, const char *what,
		   const char *path, struct failure *failure);

/**
 * root_warning() - make a warning if users of the host can enter a root
 * @warning: the caller must free() it; NULL: there is none
 * Returns 0 or -ENOMEM.
 */
int root_warning(const struct root *root, const char *name, char **warning);

/**
 * root_find_own() - find the places of the base and of the host's root
 * folders_set_up() does that for the supervisor's other folders.
 */
int root_find_own(struct supervisor *supervisor, struct failure *failure);
void root_forget_own(struct supervisor *supervisor);

/** root_own_name() - return the name for messages: "this supervisor's state directory" */
const char *root_own_name(enum own_folder folder);
/** root_relation_name() - return the verb for messages: "holds" */
const char *root_relation_name(enum relation relation);

/** root_find() - find the place of a folder; the caller must place_free() it */
int root_find(const char *path, struct place *place);
/**
 * root_find_known() - find the place of the root, or the base, in a cookie
 * If its path leads to another folder now, the place has no path.
 */
int root_find_known(const struct cookie *cookie, struct place *place);

#endif /* SUPERVISOR_ROOT_H */
