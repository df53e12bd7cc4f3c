/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * One request to the family and its whole answer, over libnl. Inner part of
 * libpurser: every error leaves here as the kernel's errno and words, not as
 * libnl's codes.
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
	int family;  /* id of the family, of this load of the module */
	bool joined; /* receives events, takes no commands */
	bool stale;  /* there may be a rest of an answer to be thrown away */
	int err;     /* of the last call */
	char *words; /* of the last call; NULL: none but the errno's */
};

/** struct reply - what is to be done with the messages of an answer */
struct reply {
	/* Take one message; a negative errno fails the call. */
	int (*message)(struct nlmsghdr *h, void *arg);
	/* Forget what was taken: the answer will come again from its start. */
	void (*restart)(void *arg);
	void *arg;
};

/** transport_open() - @err and words of the handle say why it failed */
int transport_open(struct purser *p);
void transport_close(struct purser *p);

/** transport_request() - a message for libnl's put functions; NULL: no memory */
struct nl_msg *transport_request(struct purser *p, int cmd, int flags);

/**
 * transport_call() - send @msg and take the whole answer
 * Frees @msg, which may be NULL: that is a lack of memory. A dump that the
 * kernel marks as inconsistent is taken anew.
 * Errors: the kernel's; -ENODEV, the module is gone; -EAGAIN, no consistent
 * dump could be had.
 */
int transport_call(struct purser *p, struct nl_msg *msg,
		   const struct reply *reply);

/** transport_fail() - set the handle's error and words; returns @err */
int transport_fail(struct purser *p, int err, const char *words);

/** transport_begin() - a new call: forget the error of the last one */
int transport_begin(struct purser *p, bool for_events);

/** transport_errno() - libnl's code, at once after its call, to an errno */
int transport_errno(int nle);

/**
 * transport_screen() - libnl callback: pass over what another process sent
 * One with CAP_NET_ADMIN in this network namespace can send to our sockets too,
 * and could make up records.
 */
int transport_screen(struct nl_msg *msg, void *arg);

#endif /* LIBPURSER_TRANSPORT_H */
