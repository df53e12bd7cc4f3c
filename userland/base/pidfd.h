/* SPDX-License-Identifier: LGPL-2.1 */
/* The process behind a pidfd. Inner part of libpurser. */
#ifndef BASE_PIDFD_H
#define BASE_PIDFD_H

#include <sys/types.h>

/**
 * pidfd_pid() - the PID of the process of @fd, in this process's PID namespace
 * Read from /proc/self/fdinfo: a kernel may have no other way before 6.13. It may
 * be another process's by the time it is used; who uses it has to look at the
 * pidfd again. Errors: -EBADF (not open, or no pidfd), -ESRCH (the process has
 * ended, or is not in this PID namespace), -EXDEV (/proc is another PID
 * namespace's), -ENOENT (no /proc).
 */
int pidfd_pid(int fd, pid_t *pid);

#endif /* BASE_PIDFD_H */
