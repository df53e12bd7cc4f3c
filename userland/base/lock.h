/* SPDX-License-Identifier: GPL-2.0 */
/* The lock of a run directory: one supervisor at a time. It ends with its holder. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <sys/types.h>

#define LOCK_FILE "engine.lock"

/**
 * lock_take() - lock the file @path, and write our PID to it
 * Returns a descriptor for lock_release(), or a negative errno. -EWOULDBLOCK: another
 * process holds the lock; @holder is set to its PID, or 0 if that is unknown.
 */
int lock_take(const char *path, pid_t *holder);
/**
 * lock_holder() - find who holds the lock of a file, without taking it
 * @folder: where @path begins, as for openat()
 * Returns the PID; 0 if nobody does or there is no such file; or a negative errno.
 */
pid_t lock_holder(int folder, const char *path);
/** lock_release() - remove the file and unlock it */
void lock_release(int fd, const char *path);

#endif /* BASE_LOCK_H */
