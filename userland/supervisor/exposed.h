/* SPDX-License-Identifier: GPL-2.0 */
/* Whether what a container makes in its root is of use to users of the host. */
#ifndef SUPERVISOR_EXPOSED_H
#define SUPERVISOR_EXPOSED_H

#include <stdbool.h>

/**
 * exposed() - whether a setuid program in an open folder works for users of the host
 * It does not where the mount is nosuid, or where the folder or one above it is
 * root's and may be entered by nobody else.
 */
bool exposed(int folder);

#endif /* SUPERVISOR_EXPOSED_H */
