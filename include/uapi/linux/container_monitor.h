/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ioctl interface of the container table: /dev/container_monitor.
 *
 * A program can only register and unregister containers with it; everything else uses
 * netlink, see linux/purser.h. Both interfaces work on the same table. Only root can open
 * the device. Each request needs CAP_NET_ADMIN in the initial user namespace. The module
 * refuses requests from processes inside containers.
 */
#ifndef _UAPI_LINUX_CONTAINER_MONITOR_H
#define _UAPI_LINUX_CONTAINER_MONITOR_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Size of an id, including its terminating NUL. */
#define MONITOR_ID_LEN 32

/**
 * struct monitor_request - the argument of both requests
 * @pid: PID of the container's init, as the caller sees it; must be above 0
 * @soft_limit_bytes: 0 for none; MONITOR_UNREGISTER ignores it
 * @hard_limit_bytes: 0 for none; otherwise it must not be below
 *	@soft_limit_bytes; MONITOR_UNREGISTER ignores it
 * @container_id: the container's name, ``[A-Za-z0-9][A-Za-z0-9_.+-]{0,30}``,
 *	terminated by a NUL
 */
struct monitor_request {
	__kernel_pid_t pid;
	unsigned long soft_limit_bytes;
	unsigned long hard_limit_bytes;
	char container_id[MONITOR_ID_LEN];
};

/*
 * Register a running process as the init of a container. Errors: EEXIST (a live
 * container has this id, or the process is in a container already), ESRCH (no such
 * process), EINVAL (@pid is not above 0; @container_id has no NUL or is not a legal name;
 * the hard limit is below the soft limit; the process is a kernel thread or the system's
 * init).
 */
#define MONITOR_REGISTER _IOW('M', 1, struct monitor_request)

/*
 * Stop monitoring a live container, which goes on running, or forget an ended one.
 * Errors: ENOENT (no container has both this PID and this id), EINVAL (as above).
 *
 * Both requests: EPERM (the caller has no CAP_NET_ADMIN or is inside a container), EFAULT
 * (the argument cannot be read), ENOMEM. Any other request fails with ENOTTY.
 */
#define MONITOR_UNREGISTER _IOW('M', 2, struct monitor_request)

#endif /* _UAPI_LINUX_CONTAINER_MONITOR_H */
