/* SPDX-License-Identifier: GPL-2.0 */
/* One supervisor a run directory: a lock that dies with its holder. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <sys/types.h>

#define LOCK_FILE "engine.lock"

/**
 * lock_take() - hold the lock file at @path, which then has our PID in it
 * Returns a descriptor for lock_release(), or a negative errno: -EWOULDBLOCK
 * where another process holds it, whose PID is in @holder (0 if unknown).
 */
int lock_take(const char *path, pid_t *holder);
/** lock_release() - remove the file and let go of it */
void lock_release(int fd, const char *path);

#endif /* BASE_LOCK_H */
