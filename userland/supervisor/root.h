/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which folder a container may have as its root. It is opened once, and the open folder
 * is looked at and mounted: nothing changes if its name is exchanged meanwhile.
 */
#ifndef SUPERVISOR_ROOT_H
#define SUPERVISOR_ROOT_H

#include "base/failure.h"
#include "cookie.h"
#include "supervisor.h"

/** struct root - the root that a request asks for, or the base of its overlay */
struct root {
	int fd; /* -1: not open */
	char *path;
	struct place place;
};

void root_free(struct root *root);

/**
 * root_open() - open the root of a request, and check that nobody else has it
 * @wanted: its path; NULL: an overlay of the base. The caller frees @root in any case.
 */
int root_open(struct supervisor *supervisor, const char *wanted,
	      struct root *root, struct failure *failure);

/**
 * root_warning() - a warning if users of the host can enter a root
 * @warning: for free(); NULL: there is none. Returns 0 or -ENOMEM.
 */
int root_warning(const struct root *root, const char *name, char **warning);

/**
 * root_find_own() - find the places of the base and of the host's root
 * folders.h has the supervisor's other folders.
 */
int root_find_own(struct supervisor *supervisor, struct failure *failure);
void root_forget_own(struct supervisor *supervisor);

/** root_own_name() - "this supervisor's state directory" */
const char *root_own_name(enum own_folder folder);
/** root_relation_name() - "holds" */
const char *root_relation_name(enum relation relation);

/** root_find() - the place of a folder, for place_free() */
int root_find(const char *path, struct place *place);
/**
 * root_find_known() - the place of the root, or the base, that a cookie names
 * If its name leads to another folder by now, the place has no path.
 */
int root_find_known(const struct cookie *cookie, struct place *place);

#endif /* SUPERVISOR_ROOT_H */
