// SPDX-License-Identifier: LGPL-2.1
/* Receiving the events that the kernel multicasts. */
#include <errno.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <linux/genetlink.h>

#include "record.h"
#include "transport.h"

#define DEFAULT_RCVBUF (1 << 20)

/* struct delivery - one call of purser_events_read() */
struct delivery {
	struct purser *p;
	purser_event_fn fn;
	void *arg;
	int err;
};

/* SO_RCVBUFFORCE exceeds net.core.rmem_max; it needs CAP_NET_ADMIN. */
static int set_rcvbuf(int fd, int bytes)
{
	if (!setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		return 0;
	if (!setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)))
		return 0;
	return -errno;
}

static int join_group(struct purser *p, const char *family, const char *group)
{
	int id, err;

	id = genl_ctrl_resolve_grp(p->sk, family, group);
	if (id < 0)
		return transport_fail(p, -ENOENT,
				      "the purser module is not loaded");
	errno = 0;
	err = nl_socket_add_membership(p->sk, id);
	if (err >= 0)
		return 0;
	return transport_fail(p, transport_errno(err), NULL);
}

int purser_events_join(struct purser *p, int rcvbuf)
{
	int fd = nl_socket_get_fd(p->sk);
	int err = transport_begin(p, false);

	if (err)
		return err;
	/*
	 * The group of the generic-netlink controller says when a family is removed.
	 * Without it, a listener would wait for ever after the module is unloaded.
	 */
	err = join_group(p, "nlctrl", "notify");
	if (!err)
		err = join_group(p, PURSER_FAMILY_NAME, PURSER_MCGRP_EVENTS);
	if (err)
		return err;
	/* Only now: the answers to the requests above must fit, beside notifications. */
	err = set_rcvbuf(fd, rcvbuf > 0 ? rcvbuf : DEFAULT_RCVBUF);
	if (err)
		return transport_fail(p, err, NULL);
	errno = 0;
	err = nl_socket_set_nonblocking(p->sk);
	if (err < 0)
		return transport_fail(p, transport_errno(err), NULL);
	p->joined = true;
	return fd;
}

static int on_seq(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK; /* a notification does not have the number of a request */
}

/* Is our family removed, that is, the one that was there when the handle was opened? */
static bool family_gone(struct purser *p, struct nlmsghdr *h)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (genlmsg_hdr(h)->cmd != CTRL_CMD_DELFAMILY ||
	    genlmsg_parse(h, 0, tb, CTRL_ATTR_MAX, NULL) < 0)
		return false;
	return tb[CTRL_ATTR_FAMILY_ID] &&
	       nla_len(tb[CTRL_ATTR_FAMILY_ID]) == sizeof(uint16_t) &&
	       nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]) == p->family;
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct delivery *d = arg;
	struct purser_event e;

	if (!genlmsg_valid_hdr(h, 0))
		return NL_SKIP;
	if (h->nlmsg_type == GENL_ID_CTRL) {
		if (!family_gone(d->p, h))
			return NL_SKIP;
		d->err = transport_fail(d->p, -ENODEV,
					"the purser module was unloaded");
		return NL_STOP;
	}
	/* A newer kernel may send other notifications to the group. */
	if (h->nlmsg_type != d->p->family ||
	    genlmsg_hdr(h)->cmd != PURSER_CMD_EVENT)
		return NL_SKIP;
	d->err = record_decode_event(h, &e);
	if (d->err)
		transport_fail(d->p, d->err,
			       "the kernel sent an invalid event");
	else
		d->err = d->fn(&e, d->arg);
	return d->err ? NL_STOP : NL_OK;
}

int purser_events_read(struct purser *p, purser_event_fn fn, void *arg)
{
	struct delivery d = { .p = p, .fn = fn, .arg = arg };
	int err = transport_begin(p, true);

	if (err)
		return err;
	nl_cb_set(p->cb, NL_CB_MSG_IN, NL_CB_CUSTOM, transport_screen, NULL);
	nl_cb_set(p->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_seq, NULL);
	nl_cb_set(p->cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, &d);
	do {
		errno = 0;
		err = nl_recvmsgs(p->sk, p->cb);
	} while (err >= 0 && !d.err);
	if (d.err)
		return d.err;
	err = transport_errno(err);
	if (err == -EAGAIN)
		return 0;
	return transport_fail(p, err,
			      err == -ENOBUFS ?
				      "events were lost: they came too fast" :
				      NULL);
}
