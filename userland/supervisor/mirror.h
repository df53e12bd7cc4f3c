/* SPDX-License-Identifier: GPL-2.0 */
/* Callbacks that keep the registry equal to the kernel's table. */
#ifndef SUPERVISOR_MIRROR_H
#define SUPERVISOR_MIRROR_H

#include "kernel.h"

/* The argument of the callbacks is the struct supervisor. */
extern const struct kernel_ops mirror_ops;

#endif /* SUPERVISOR_MIRROR_H */
