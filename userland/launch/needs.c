// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel module also runs on kernels that are too old for a launch. Check for the
 * newest system call that a launch needs.
 */
#include <fcntl.h>
#include <stddef.h>
#include <sys/mount.h>

#include "launch.h"
#include "raw.h"

const char *launch_kernel_lacks(void)
{
	/* A kernel that has the call refuses a structure of size 0. */
	if (raw(SYS_mount_setattr, -1, "", 0L, NULL, 0L) == -ENOSYS)
		return "mount_setattr(): containers need Linux 5.12 or later";
	return NULL;
}
