/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handlers of requests about one container.
 */
#ifndef PURSER_REQUEST_H
#define PURSER_REQUEST_H

#include <linux/skbuff.h>
#include <net/genetlink.h>

int purser_request_register(struct sk_buff *skb, struct genl_info *info);
int purser_request_unregister(struct sk_buff *skb, struct genl_info *info);
int purser_request_get(struct sk_buff *skb, struct genl_info *info);
int purser_request_set(struct sk_buff *skb, struct genl_info *info);
int purser_request_stop(struct sk_buff *skb, struct genl_info *info);
int purser_request_info(struct sk_buff *skb, struct genl_info *info);

#endif /* PURSER_REQUEST_H */
