/* SPDX-License-Identifier: LGPL-2.1 */
/* Finding the process of a pidfd. Used by libpurser. */
#ifndef BASE_PIDFD_H
#define BASE_PIDFD_H

#include <sys/types.h>

/**
 * pidfd_pid() - find the PID of the process of a pidfd, in the caller's PID namespace
 * Reads it from /proc/self/fdinfo; before Linux 6.13 there is no other way. When the
 * caller uses the PID, another process may have got it: check the pidfd again afterwards.
 * Errors: -EBADF (not open, or not a pidfd), -ESRCH (the process has ended, or is not in
 * this PID namespace), -EXDEV (/proc is that of another PID namespace), -ENOENT (no
 * /proc).
 */
int pidfd_pid(int fd, pid_t *pid);

#endif /* BASE_PIDFD_H */
