/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic-netlink family.
 */
#ifndef PURSER_NETLINK_H
#define PURSER_NETLINK_H

#include "event.h"

int purser_netlink_init(void);
void purser_netlink_exit(void);
int purser_netlink_multicast(const struct purser_event *event);

#endif /* PURSER_NETLINK_H */
