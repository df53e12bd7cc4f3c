/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * One request to the family and its whole answer, over libnl; internal to libpurser.
 * Functions return the kernel's errno, not libnl's codes.
 */
#ifndef LIBPURSER_TRANSPORT_H
#define LIBPURSER_TRANSPORT_H

#include <stdbool.h>

#include <netlink/netlink.h>
#include <netlink/msg.h>

#include "purser.h"

struct purser {
	struct nl_sock *sk;
	struct nl_cb *cb;
	int family; /* id of the family; it changes when the module is loaded again */
	bool joined; /* it receives events, and cannot be used for commands */
	bool stale;  /* the rest of an answer may be on the socket */
	int err;     /* of the last call */
	char *words; /* the error text of the last call; NULL: that of the errno */
};

/** struct reply - callbacks for the messages of an answer */
struct reply {
	/* Handle one message; a negative errno fails the call. */
	int (*message)(struct nlmsghdr *h, void *arg);
	/* Forget all messages so far: the answer comes again from its start. */
	void (*restart)(void *arg);
	void *arg;
};

/** transport_open() - connect; 0 or a negative errno */
int transport_open(struct purser *p);
void transport_close(struct purser *p);

/** transport_request() - make a message for libnl's put functions; NULL: out of memory */
struct nl_msg *transport_request(struct purser *p, int cmd, int flags);

/** transport_put() - return @msg; if an attribute did not fit (@put < 0), free it: NULL */
static inline struct nl_msg *transport_put(struct nl_msg *msg, int put)
{
	if (put >= 0)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/**
 * transport_call() - send @msg and receive the whole answer
 * @msg: is freed; NULL: out of memory
 * Repeats a dump that the kernel marks as inconsistent. Errors: the kernel's; -ENODEV
 * (the module is not loaded any more), -EAGAIN (every dump was inconsistent).
 */
int transport_call(struct purser *p, struct nl_msg *msg,
		   const struct reply *reply);

/** transport_fail() - set the handle's error and its text; returns @err */
int transport_fail(struct purser *p, int err, const char *words);

/** transport_begin() - begin a call: forget the error of the last one */
int transport_begin(struct purser *p, bool for_events);

/** transport_errno() - convert libnl's code, directly after its call, to an errno */
int transport_errno(int nle);

/**
 * transport_screen() - libnl callback: skip messages that the kernel has not sent
 * A process with CAP_NET_ADMIN in this network namespace can send messages to our
 * socket, with false records.
 */
int transport_screen(struct nl_msg *msg, void *arg);

#endif /* LIBPURSER_TRANSPORT_H */
