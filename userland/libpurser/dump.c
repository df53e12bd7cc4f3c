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

/* struct batch - an array that grows */
struct batch {
	size_t size; /* of an item */
	size_t n;
	size_t room; /* for this many items */
	char *items;
};

/* Returns the place for one more item, which is not counted yet. NULL: out of memory. */
static void *batch_next(struct batch *b)
{
	size_t room;
	char *items;

	if (b->n == b->room) {
		room = b->room ? b->room * 2 : 64;
		items = reallocarray(b->items, room, b->size);
		if (!items)
			return NULL;
		b->items = items;
		b->room = room;
	}
	return b->items + b->n * b->size;
}

static void batch_restart(void *arg)
{
	struct batch *b = arg;

	b->n = 0;
}

static int take_container(struct nlmsghdr *h, void *arg)
{
	struct batch *b = arg;
	struct purser_container *c = batch_next(b);
	int err = c ? record_decode_container(h, c) : -ENOMEM;

	b->n += !err;
	return err;
}

static int take_event(struct nlmsghdr *h, void *arg)
{
	struct batch *b = arg;
	struct purser_event *e = batch_next(b);
	int err = e ? record_decode_event(h, e) : -ENOMEM;

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
	struct batch b = { .size = sizeof(struct purser_container) };
	struct reply reply = { take_container, batch_restart, &b };
	const struct purser_container *all;
	struct nl_msg *msg;
	int err = transport_begin(p, false);

	if (err)
		return err;
	msg = dump_request(p, PURSER_CMD_GET);
	if (msg && state &&
	    nla_put_u32(msg, PURSER_A_CONTAINER_STATE, state) < 0) {
		nlmsg_free(msg);
		msg = NULL;
	}
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
	struct batch b = { .size = sizeof(struct purser_event) };
	struct reply reply = { take_event, batch_restart, &b };
	const struct purser_event *all;
	struct nl_msg *msg;
	int err = transport_begin(p, false);

	if (err)
		return err;
	msg = dump_request(p, PURSER_CMD_EVENT_GET);
	if (msg && nla_put_u64(msg, PURSER_A_EVENT_SEQ, seq) < 0) {
		nlmsg_free(msg);
		msg = NULL;
	}
	err = transport_call(p, msg, &reply);
	all = (const void *)b.items;
	for (size_t i = 0; !err && i < b.n; i++)
		err = fn(&all[i], arg);
	free(b.items);
	return err;
}
