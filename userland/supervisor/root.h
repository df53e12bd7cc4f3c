/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which folder a container may have as its root. It is opened once, and what was
 * opened is looked at and mounted: a name that is exchanged meanwhile leads to
 * nothing else.
 */
#ifndef SUPERVISOR_ROOT_H
#define SUPERVISOR_ROOT_H

#include <stdbool.h>

#include "base/place.h"

struct admission;
struct container;
struct cookie_fields;
struct supervisor;

/**
 * enum own_folder - what a root may not be, hold or be inside; but for the host's
 * root, which all is inside
 */
enum own_folder {
	OWN_HOST,
	OWN_BASE,
	OWN_RUN,
	OWN_STATE,
	OWN_LOG,
	N_OWN_FOLDERS,
};

/**
 * root_set_up() - find the base and the host's root; folders.h has the others
 * On error @what is the folder at fault.
 */
int root_set_up(struct supervisor *supervisor, const char **what);
void root_take_down(struct supervisor *supervisor);

/** root_own_name() - "this supervisor's state directory" */
const char *root_own_name(enum own_folder folder);
/** root_relation_name() - "holds" */
const char *root_relation_name(enum relation relation);

/** root_find() - the place of a folder, for place_free() */
int root_find(const char *path, struct place *place);
/**
 * root_find_known() - that of the root, or the base, which a cookie names
 * Where its name leads to another folder by now, the place has no path.
 */
int root_find_known(const struct cookie_fields *fields, struct place *place);

/** root_admit() - open the root that a request asks for; false: refused */
bool root_admit(struct admission *a);

/** root_recover() - that of a container which an earlier supervisor has started */
int root_recover(struct container *c, const struct cookie_fields *fields);

#endif /* SUPERVISOR_ROOT_H */
