// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel module runs on kernels that cannot make containers as they are made
 * here. Of all calls that a launch depends on, the newest tells of the others too.
 */
#include <fcntl.h>
#include <stddef.h>
#include <sys/mount.h>

#include "launch.h"
#include "raw.h"

const char *launch_kernel_lacks(void)
{
	/* A structure of no size is refused wherever the call is known. */
	if (raw(SYS_mount_setattr, -1, "", 0L, NULL, 0L) == -ENOSYS)
		return "mount_setattr(): containers need Linux 5.12 or later";
	return NULL;
}
