/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Watching files and folders with inotify(7). The kernel allows each user a number of
 * instances and of watches. Root of a container can be the same user as root of the
 * host, so that containers can use all of them up. A timer then takes the place of
 * inotify, and the caller checks several times a second whether something has changed.
 */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/** struct watch - an inotify instance, or the timer in its place */
struct watch {
	int fd;	      /* readable when something may have changed; -1: closed */
	bool by_time; /* it is a timer */
};

/** watch_open() - returns 0 or a negative errno */
int watch_open(struct watch *watch);

/**
 * watch_add() - watch the file or folder @path for @events, IN_*
 * Returns the number of the watch, 0 if there is a timer instead, or a negative errno.
 */
int watch_add(struct watch *watch, const char *path, uint32_t events);

/** watch_remove() - remove the watch of that number; -1: do nothing */
void watch_remove(struct watch *watch, int number);

/**
 * watch_take() - read all events; does not block
 * Returns whether there were any, not counting that a watch was removed.
 */
bool watch_take(struct watch *watch);

/** watch_close() - may be called again */
void watch_close(struct watch *watch);

#endif /* BASE_WATCH_H */
