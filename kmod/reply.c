// SPDX-License-Identifier: GPL-2.0
/*
 * Checking callers and writing records, for the handlers of requests and dumps.
 */
#include <net/netlink.h>

#include "limits.h"
#include "member.h"
#include "memory.h"
#include "record.h"
#include "reply.h"

/**
 * purser_reply_check_caller() - refuse a caller that is itself inside a container
 * @extack: receives the text of the refusal
 *
 * Context: process context of the caller.
 * Return: 0 or -EPERM.
 */
int purser_reply_check_caller(struct netlink_ext_ack *extack)
{
	if (!purser_member_is_current())
		return 0;
	NL_SET_ERR_MSG(extack, "the caller is inside a container");
	return -EPERM;
}

/**
 * purser_reply_put_container() - measure a container and write its record
 * @skb: receives the attributes
 * @c: the container
 * @privileged: write the cookie too
 *
 * Context: process context.
 * Return: 0 or -EMSGSIZE.
 */
int purser_reply_put_container(struct sk_buff *skb, struct purser_container *c,
			       bool privileged)
{
	struct purser_record record;
	int err;

	if (READ_ONCE(c->state) != PURSER_STATE_EXITED)
		purser_memory_measure(c);
	spin_lock(&c->lock);
	purser_limits_settle_locked(c);
	purser_container_snapshot(c, &record);
	spin_unlock(&c->lock);
	err = purser_record_put(skb, &record);
	if (!err && privileged && c->cookie_len)
		err = nla_put(skb, PURSER_A_CONTAINER_COOKIE, c->cookie_len,
			      c->cookie);
	return err;
}
