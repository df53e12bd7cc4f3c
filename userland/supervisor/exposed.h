/* SPDX-License-Identifier: GPL-2.0 */
/* Whether users of the host can run setuid programs that a container makes. */
#ifndef SUPERVISOR_EXPOSED_H
#define SUPERVISOR_EXPOSED_H

#include <stdbool.h>

/**
 * exposed() - whether users of the host can run a setuid program in an open folder
 * They cannot if the mount is nosuid, or if the folder or one above it belongs to root
 * and only root may enter it.
 */
bool exposed(int folder);

#endif /* SUPERVISOR_EXPOSED_H */
