/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device /dev/container_monitor.
 */
#ifndef PURSER_IOCTL_H
#define PURSER_IOCTL_H

int purser_ioctl_init(void);
void purser_ioctl_exit(void);

#endif /* PURSER_IOCTL_H */
