/* SPDX-License-Identifier: GPL-2.0 */
/* Keeping the registry as the kernel's table is. */
#ifndef SUPERVISOR_MIRROR_H
#define SUPERVISOR_MIRROR_H

#include "kernel.h"

/* Their argument is the struct supervisor. */
extern const struct kernel_ops mirror_ops;

#endif /* SUPERVISOR_MIRROR_H */
