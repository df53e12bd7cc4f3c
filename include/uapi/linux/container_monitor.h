/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ioctl interface of the container table: /dev/container_monitor.
 *
 * It registers and unregisters; everything else is said over netlink, see
 * linux/purser.h. Containers that are registered by the one are seen by the
 * other. The device may be opened by root; each request needs CAP_NET_ADMIN in
 * the initial user namespace and is refused to processes inside containers.
 */
#ifndef _UAPI_LINUX_CONTAINER_MONITOR_H
#define _UAPI_LINUX_CONTAINER_MONITOR_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Size of an id with its terminating NUL. */
#define MONITOR_ID_LEN 32

/**
 * struct monitor_request - what both requests take
 * @pid: PID of the container's init, as the caller sees it; more than 0
 * @soft_limit_bytes: 0 for none; not looked at by MONITOR_UNREGISTER
 * @hard_limit_bytes: 0 for none; else not below @soft_limit_bytes; not looked
 *	at by MONITOR_UNREGISTER
 * @container_id: the container's name, ``[A-Za-z0-9][A-Za-z0-9_.-]{0,30}``, and
 *	a NUL
 */
struct monitor_request {
	__kernel_pid_t pid;
	unsigned long soft_limit_bytes;
	unsigned long hard_limit_bytes;
	char container_id[MONITOR_ID_LEN];
};

/*
 * Enter a running process as the init of a container. Errors: EEXIST (a live
 * container has this id, or the process is in one), ESRCH (no such process),
 * EINVAL (@pid is not above 0, @container_id has no NUL or is no name, hard
 * below soft, a kernel thread or the system's init).
 */
#define MONITOR_REGISTER _IOW('M', 1, struct monitor_request)

/*
 * Stop monitoring a live container, which goes on running, or forget an ended
 * one. Errors: ENOENT (there is none with both this PID and this id), EINVAL (as
 * above).
 *
 * Both: EPERM (no CAP_NET_ADMIN, or inside a container), EFAULT (the request
 * cannot be read), ENOMEM. Any other request: ENOTTY.
 */
#define MONITOR_UNREGISTER _IOW('M', 2, struct monitor_request)

#endif /* _UAPI_LINUX_CONTAINER_MONITOR_H */
