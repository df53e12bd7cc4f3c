/* SPDX-License-Identifier: GPL-2.0 */
/* From linux.cgroupsPath of a configuration to a path, or to a unit of systemd. */
#ifndef CGROUP_HOME_NAME_H
#define CGROUP_HOME_NAME_H

#include <stdbool.h>

#include "base/failure.h"

/** struct cgroup_unit - a scope of systemd, and the slice it is in; for cgroup_unit_free() */
struct cgroup_unit {
	char *slice;
	char *name;
};

/**
 * cgroup_home_path() - the path of the cgroup below the mount of cgroup v2
 * @cgroups_path: from the root of cgroup v2, with or without "/" in front; NULL or "":
 *	"/purser-oci/ID"
 * @path: for free()
 * Refuses ".." and the root itself. Returns 0, or -1 with @failure filled.
 */
int cgroup_home_path(const char *mount, const char *cgroups_path,
		     const char *id, char **path, struct failure *failure);

/**
 * cgroup_home_unit() - the scope
 * @cgroups_path: "SLICE:PREFIX:NAME" becomes "PREFIX-NAME.scope" in SLICE, where SLICE and
 *	PREFIX may be empty; NULL or "": "purser-ID.scope"
 * @user: the default slice is user.slice, not system.slice
 */
int cgroup_home_unit(const char *cgroups_path, const char *id, bool user,
		     struct cgroup_unit *unit, struct failure *failure);

void cgroup_unit_free(struct cgroup_unit *unit);

#endif /* CGROUP_HOME_NAME_H */
