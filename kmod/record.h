/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing records, events and counters as netlink attributes.
 */
#ifndef PURSER_RECORD_H
#define PURSER_RECORD_H

#include <linux/skbuff.h>

#include "event.h"

int purser_record_put(struct sk_buff *skb, const struct purser_record *record);
int purser_record_put_info(struct sk_buff *skb);
int purser_record_put_event(struct sk_buff *skb,
			    const struct purser_event *event);

#endif /* PURSER_RECORD_H */
