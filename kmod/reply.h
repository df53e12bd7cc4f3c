/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checking callers and writing records, for the handlers of requests and dumps.
 */
#ifndef PURSER_REPLY_H
#define PURSER_REPLY_H

#include <linux/netlink.h>
#include <linux/skbuff.h>

#include "container.h"

int purser_reply_check_caller(struct netlink_ext_ack *extack);
int purser_reply_put_container(struct sk_buff *skb, struct purser_container *c,
			       bool privileged);

#endif /* PURSER_REPLY_H */
