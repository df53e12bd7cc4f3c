/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Watching files and folders with inotify(7). The kernel allows each user a number
 * of instances and of watches, and root of a container is the same user as root of
 * the host: containers can use all of them up. A timer then stands in, and the program that
 * waits looks several times a second whether something has happened.
 */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/** struct watch - an inotify instance, or the timer that stands in for it */
struct watch {
	int fd; /* readable when something may have happened; -1: closed */
	bool by_time;
};

/** watch_open() - returns 0 or a negative errno */
int watch_open(struct watch *watch);

/**
 * watch_add() - watch what @path leads to for @events, IN_*
 * Returns the number of the watch, 0 where a timer stands in, or a negative errno.
 */
int watch_add(struct watch *watch, const char *path, uint32_t events);

/** watch_remove() - the watch of that number; -1: none */
void watch_remove(struct watch *watch, int number);

/**
 * watch_take() - take all the news that there are; never blocks
 * Returns whether there were any. That a watch was removed is none.
 */
bool watch_take(struct watch *watch);

/** watch_close() - may be called again */
void watch_close(struct watch *watch);

#endif /* BASE_WATCH_H */
