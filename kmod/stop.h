/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stopping containers.
 */
#ifndef PURSER_STOP_H
#define PURSER_STOP_H

#include <linux/netlink.h>

#include "container.h"

void purser_stop_prepare(struct purser_container *c);
void purser_stop_cancel(struct purser_container *c);
int purser_stop(struct purser_container *c, int signal, unsigned int grace_ms,
		struct netlink_ext_ack *extack);
int purser_stop_gently(struct purser_container *c, int signal,
		       struct netlink_ext_ack *extack);

#endif /* PURSER_STOP_H */
