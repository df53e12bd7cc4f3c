/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folder of one cgroup: its events, and its removal. Functions return 0 or a negative
 * errno unless they say otherwise.
 */
#ifndef CGROUP_FOLDER_H
#define CGROUP_FOLDER_H

#include <stdbool.h>

/** cgroup_folder_path() - the cgroup of the container @name in @root, for free(); or NULL */
char *cgroup_folder_path(const char *root, const char *name);

/** cgroup_folder_open() - returns a descriptor or a negative errno */
int cgroup_folder_open(const char *path);

/** cgroup_is_gone() - tell whether the error @err says that a cgroup was removed */
bool cgroup_is_gone(int err);

/** cgroup_events_open() - open cgroup.events, for poll(2) with POLLPRI */
int cgroup_events_open(int folder);

/**
 * cgroup_event() - tell whether cgroup.events has 1 for @key: 1, 0 or a negative errno
 * @key: "populated" (there are processes in the cgroup or below) or "frozen"
 */
int cgroup_event(int events, const char *key);

/** cgroup_event_wait() - wait until cgroup.events has @value for @key; -EBUSY: too late */
int cgroup_event_wait(int events, const char *key, bool value, int ms);

/**
 * cgroup_folder_remove() - remove a cgroup without processes, and those below it
 * @fd: the open folder; nothing is removed if @path leads to another one by now
 * -EBUSY: there are processes in it.
 */
int cgroup_folder_remove(const char *path, int fd);

#endif /* CGROUP_FOLDER_H */
