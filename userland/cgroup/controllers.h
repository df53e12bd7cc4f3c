/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Turning on controllers for the cgroups in a cgroup, with cgroup.subtree_control.
 * Nothing is written if a controller is on already: the file system may be read-only. All
 * functions return 0 or a negative errno. -EBUSY: there are processes in the cgroup.
 */
#ifndef CGROUP_CONTROLLERS_H
#define CGROUP_CONTROLLERS_H

/** cgroup_has_controller() - tell whether there is a controller in @path: 1, 0 or an errno */
int cgroup_has_controller(const char *path, const char *name);

/** cgroup_turn_on() - turn on a controller; -ENODEV: the cgroup does not have it */
int cgroup_turn_on(const char *path, const char *name);

/** cgroup_turn_off() - turn it off; -EBUSY: a cgroup below has turned it on for its own */
int cgroup_turn_off(const char *path, const char *name);

/**
 * cgroup_turn_on_above() - turn on a controller in all cgroups above @path
 * Begins with the uppermost one. @where: set to the cgroup at which it failed, for free()
 */
int cgroup_turn_on_above(const char *path, const char *name, char **where);

/**
 * cgroup_turn_on_all() - turn on all controllers that the cgroup has
 * Goes on if one cannot be turned on, and returns the first error.
 */
int cgroup_turn_on_all(const char *path);

#endif /* CGROUP_CONTROLLERS_H */
