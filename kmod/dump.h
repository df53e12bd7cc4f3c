/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handlers of dump requests.
 */
#ifndef PURSER_DUMP_H
#define PURSER_DUMP_H

#include <linux/netlink.h>
#include <linux/skbuff.h>

int purser_dump_containers(struct sk_buff *skb, struct netlink_callback *cb);
int purser_dump_events(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* PURSER_DUMP_H */
