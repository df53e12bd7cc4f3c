// SPDX-License-Identifier: GPL-2.0
/*
 * Handlers of dump requests: all records, and the event log.
 *
 * The first call of a dump runs in the context of the process that sent the request. The
 * next calls run in the context of the process that reads the socket.
 */
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat.h"
#include "dump.h"
#include "event.h"
#include "family.h"
#include "record.h"
#include "reply.h"
#include "table.h"

static int check_dump(struct netlink_callback *cb)
{
	struct nlattr **attrs = purser_dump_attrs(cb);
	struct nlattr *ref;
	int err;

	err = purser_reply_check_caller(cb->extack);
	if (err)
		return err;
	ref = attrs[PURSER_A_CONTAINER_ID]	     ?:
		      attrs[PURSER_A_CONTAINER_NAME] ?:
		      attrs[PURSER_A_CONTAINER_PID];
	if (!ref)
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, ref, "a dump takes no id, name or pid");
	return -EINVAL;
}

/*
 * args[0] is the id of the last record sent. args[1] is 1 once the request was checked.
 * The check is not in .start, because there 6.1 has no place for an error message.
 */
int purser_dump_containers(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *state = purser_dump_attrs(cb)[PURSER_A_CONTAINER_STATE];
	bool privileged = netlink_capable(cb->skb, CAP_NET_ADMIN);
	struct purser_container *c;
	void *header;
	int err = 0;

	if (!cb->args[1]) {
		err = check_dump(cb);
		if (err)
			return err;
		cb->args[1] = 1;
	}
	cb->seq = purser_table_generation();
	while ((c = purser_table_after(cb->args[0]))) {
		if (state && READ_ONCE(c->state) != nla_get_u32(state))
			goto next;
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &purser_family,
				     NLM_F_MULTI, PURSER_CMD_GET);
		err = header ? purser_reply_put_container(skb, c, privileged) :
			       -EMSGSIZE;
		if (err) {
			if (header)
				genlmsg_cancel(skb, header);
			purser_container_put(c);
			break;
		}
		genl_dump_check_consistent(cb, header);
		genlmsg_end(skb, header);
next:
		cb->args[0] = c->id;
		purser_container_put(c);
	}
	return skb->len ?: err;
}

/* args[0] is the number of the last event sent; args[1] as above. */
int purser_dump_events(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *seq = purser_dump_attrs(cb)[PURSER_A_EVENT_SEQ];
	struct purser_event event;
	void *header;
	int err;

	if (!cb->args[1]) {
		err = purser_reply_check_caller(cb->extack);
		if (err)
			return err;
		cb->args[0] = seq ? nla_get_u64(seq) : 0;
		cb->args[1] = 1;
	}
	while (purser_event_next(cb->args[0], &event)) {
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &purser_family,
				     NLM_F_MULTI, PURSER_CMD_EVENT_GET);
		if (!header)
			break;
		if (purser_record_put_event(skb, &event)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
		cb->args[0] = event.seq;
	}
	return skb->len;
}
