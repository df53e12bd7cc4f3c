// SPDX-License-Identifier: GPL-2.0
/*
 * The generic-netlink family: its commands, its multicast group, and the sending of
 * events. The handlers do their own locking, so parallel_ops is set.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "compat.h"
#include "dump.h"
#include "event.h"
#include "family.h"
#include "netlink.h"
#include "policy.h"
#include "record.h"
#include "request.h"

static const struct genl_ops ops[] = {
	{
		.cmd = PURSER_CMD_REGISTER,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_register_policy,
		.maxattr = ARRAY_SIZE(purser_register_policy) - 1,
		.doit = purser_request_register,
	},
	{
		.cmd = PURSER_CMD_UNREGISTER,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_ref_policy,
		.maxattr = ARRAY_SIZE(purser_ref_policy) - 1,
		.doit = purser_request_unregister,
	},
	{
		.cmd = PURSER_CMD_GET,
		.policy = purser_get_policy,
		.maxattr = ARRAY_SIZE(purser_get_policy) - 1,
		.doit = purser_request_get,
		.dumpit = purser_dump_containers,
	},
	{
		.cmd = PURSER_CMD_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_set_policy,
		.maxattr = ARRAY_SIZE(purser_set_policy) - 1,
		.doit = purser_request_set,
	},
	{
		.cmd = PURSER_CMD_STOP,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_stop_policy,
		.maxattr = ARRAY_SIZE(purser_stop_policy) - 1,
		.doit = purser_request_stop,
	},
	{
		.cmd = PURSER_CMD_EVENT_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_event_get_policy,
		.maxattr = ARRAY_SIZE(purser_event_get_policy) - 1,
		.dumpit = purser_dump_events,
	},
	{
		.cmd = PURSER_CMD_INFO,
		.policy = purser_info_policy,
		.maxattr = ARRAY_SIZE(purser_info_policy) - 1,
		.doit = purser_request_info,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = PURSER_MCGRP_EVENTS, .flags = PURSER_MCAST_ADMIN },
};

struct genl_family purser_family = {
	.name = PURSER_FAMILY_NAME,
	.version = PURSER_FAMILY_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * purser_netlink_multicast() - send an event to all listeners
 * @event: a copy
 *
 * A listener whose receive buffer is full loses the event and gets ENOBUFS.
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative errno if the message could not be built.
 */
int purser_netlink_multicast(const struct purser_event *event)
{
	struct sk_buff *skb;
	void *header;

	if (!genl_has_listeners(&purser_family, &init_net, 0))
		return 0;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	header = genlmsg_put(skb, 0, 0, &purser_family, 0, PURSER_CMD_EVENT);
	if (!header || purser_record_put_event(skb, event)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&purser_family, skb, 0, 0, GFP_KERNEL);
	return 0;
}

int __init purser_netlink_init(void)
{
	return genl_register_family(&purser_family);
}

void purser_netlink_exit(void)
{
	genl_unregister_family(&purser_family);
}
