// SPDX-License-Identifier: LGPL-2.1
/*
 * Dumps: the records and the event log. A dump is received as a whole before the
 * caller sees any of it. So a dump that has to start again shows no item twice, and a
 * slow caller does not keep the dump open.
 */
#include <errno.h>
#include <stdlib.h>

#include <netlink/attr.h>

#include "record.h"
#include "transport.h"

/* struct batch - an array that grows, and how to fill its items */
struct batch {
	size_t size; /* of an item */
	int (*decode)(struct nlmsghdr *h, void *out);
	size_t n;
	size_t room; /* for this many items */
	char *items;
};

static void restart(void *arg)
{
	struct batch *b = arg;

	b->n = 0;
}

static int take(struct nlmsghdr *h, void *arg)
{
	struct batch *b = arg;
	size_t room = b->room ? b->room * 2 : 64;
	char *items = b->items;
	int err;

	if (b->n == b->room) {
		items = reallocarray(items, room, b->size);
		if (!items)
			return -ENOMEM;
		b->items = items;
		b->room = room;
	}
	err = b->decode(h, items + b->n * b->size);
	b->n += !err;
	return err;
}

static struct nl_msg *dump_request(struct purser *p, int cmd)
{
	return transport_request(p, cmd, NLM_F_REQUEST | NLM_F_DUMP);
}

int purser_list(struct purser *p, enum purser_state state,
		purser_container_fn fn, void *arg)
{
	struct batch b = { .size = sizeof(struct purser_container),
			   .decode = record_decode_container };
	struct reply reply = { take, restart, &b };
	const struct purser_container *all;
	struct nl_msg *msg;
	int err = transport_begin(p, false);

	if (err)
		return err;
	msg = dump_request(p, PURSER_CMD_GET);
	if (msg && state)
		msg = transport_put(
			msg, nla_put_u32(msg, PURSER_A_CONTAINER_STATE, state));
	err = transport_call(p, msg, &reply);
	all = (const void *)b.items;
	for (size_t i = 0; !err && i < b.n; i++)
		err = fn(&all[i], arg);
	free(b.items);
	return err;
}

int purser_events_since(struct purser *p, uint64_t seq, purser_event_fn fn,
			void *arg)
{
	struct batch b = { .size = sizeof(struct purser_event),
			   .decode = record_decode_event };
	struct reply reply = { take, restart, &b };
	const struct purser_event *all;
	struct nl_msg *msg;
	int err = transport_begin(p, false);

	if (err)
		return err;
	msg = dump_request(p, PURSER_CMD_EVENT_GET);
	if (msg)
		msg = transport_put(msg,
				    nla_put_u64(msg, PURSER_A_EVENT_SEQ, seq));
	err = transport_call(p, msg, &reply);
	all = (const void *)b.items;
	for (size_t i = 0; !err && i < b.n; i++)
		err = fn(&all[i], arg);
	free(b.items);
	return err;
}
