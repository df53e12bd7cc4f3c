/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which folder a container may have as its root. It is opened once, and what was
 * opened is looked at and mounted: a name that is exchanged meanwhile leads to
 * nothing else.
 */
#ifndef ENGINE_ROOT_H
#define ENGINE_ROOT_H

#include <stdbool.h>

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

/** root_admit() - open the root that a request asks for; false: refused */
bool root_admit(struct admission *a);

/** root_recover() - that of a container which an earlier supervisor has started */
int root_recover(struct container *c, const struct cookie_fields *fields);

#endif /* ENGINE_ROOT_H */
