/* SPDX-License-Identifier: GPL-2.0 */
/* A process that does nothing but be in a cgroup, which systemd would remove without it. */
#ifndef CGROUP_HOLDER_H
#define CGROUP_HOLDER_H

#include <sys/types.h>

/**
 * holder_start() - start the process, a child of the caller
 * It has no open files, and exits when the thread that called this exits. Returns its PID
 * or a negative errno.
 */
pid_t holder_start(void);

/** holder_end() - end the process and reap it; 0: there is none */
void holder_end(pid_t pid);

#endif /* CGROUP_HOLDER_H */
