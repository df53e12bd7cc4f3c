// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "base/array.h"
#include "extack.h"
#include "transport.h"

/* How often a dump that was interrupted is repeated. */
#define DUMP_TRIES 64
/* The largest message that the kernel makes of a dump. */
#define RECEIVE_BYTES 32768

/* struct exchange - one request and the state of its answer */
struct exchange {
	struct purser *p;
	const struct reply *reply;
	uint32_t seq;
	bool done;
	bool interrupted;
	int err;
};

int transport_fail(struct purser *p, int err, const char *words)
{
	char *copy = words ? strdup(words) : NULL;

	free(p->words);
	p->words = copy;
	p->err = err;
	return err;
}

int transport_begin(struct purser *p, bool for_events)
{
	transport_fail(p, 0, NULL);
	if (p->joined == for_events)
		return 0;
	return transport_fail(
		p, -EINVAL,
		for_events ? "the handle has not joined the events" :
			     "the handle receives events, not commands");
}

int transport_errno(int nle)
{
	/*
	 * libnl has one code for both ENOBUFS and ENOMEM, and one for all errors that it
	 * does not know. But it does not change the errno of the system call.
	 */
	int sys = errno;

	switch (abs(nle)) {
	case NLE_SUCCESS:
		return 0;
	case NLE_NOMEM:
		return sys == ENOBUFS ? -ENOBUFS : -ENOMEM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_INTR:
		return -EINTR;
	case NLE_PERM:
		return -EPERM;
	case NLE_NOACCESS:
		return -EACCES;
	case NLE_BAD_SOCK:
		return -EBADF;
	case NLE_MSGSIZE:
		return -EMSGSIZE;
	case NLE_MSG_OVERFLOW:
		return -ENOBUFS;
	case NLE_MSG_TRUNC:
	case NLE_MSG_TOOSHORT:
	case NLE_RANGE:
	case NLE_PARSE_ERR:
		return -EBADMSG;
	case NLE_INVAL:
		return -EINVAL;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	default:
		return sys ? -sys : -EIO;
	}
}

int transport_screen(struct nl_msg *msg, void *arg)
{
	(void)arg;
	return nlmsg_get_src(msg)->nl_pid == 0 ? NL_OK : NL_SKIP;
}

/* Skip the rest of an earlier answer that was not read to its end. */
static int on_seq(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	return nlmsg_hdr(msg)->nlmsg_seq == x->seq ? NL_OK : NL_SKIP;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->interrupted = true;
	return NL_OK;
}

/* After an error, read the rest of the answer without using it. */
static int on_message(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	if (!x->err && x->reply && x->reply->message)
		x->err = x->reply->message(nlmsg_hdr(msg), x->reply->arg);
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->done = true;
	return NL_STOP;
}

static void take_error(struct exchange *x, const struct nlmsghdr *h)
{
	const char *words = extack_message(h);
	int err = extack_error(h);

	x->done = true;
	if (!err)
		return;
	x->err = err;
	transport_fail(
		x->p, err,
		extack_is_unknown(err, words) ?
			"the module does not know this request: it is older than this program and must be upgraded" :
			words);
}

static int on_finish(struct nl_msg *msg, void *arg)
{
	take_error(arg, nlmsg_hdr(msg));
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	(void)from;
	/* libnl passes a pointer to the payload: the header is in front of it. */
	take_error(arg, (struct nlmsghdr *)((char *)e - NLMSG_HDRLEN));
	return NL_STOP;
}

static int set_callbacks(struct nl_cb *cb, struct exchange *x)
{
	static const struct {
		enum nl_cb_type type;
		nl_recvmsg_msg_cb_t fn;
	} calls[] = {
		{ NL_CB_MSG_IN, transport_screen },
		{ NL_CB_SEQ_CHECK, on_seq },
		{ NL_CB_DUMP_INTR, on_interrupted },
		{ NL_CB_VALID, on_message },
		{ NL_CB_ACK, on_ack },
		{ NL_CB_FINISH, on_finish },
	};
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		err = nl_cb_set(cb, calls[i].type, NL_CB_CUSTOM, calls[i].fn,
				x);
		if (err < 0)
			return err;
	}
	return nl_cb_err(cb, NL_CB_CUSTOM, on_error, x);
}

static int set_option(struct nl_sock *sk, int option)
{
	int on = 1;

	if (setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, option, &on,
		       sizeof(on)) < 0)
		return -errno;
	return 0;
}

static int resolve(struct purser *p)
{
	int id = genl_ctrl_resolve(p->sk, PURSER_FAMILY_NAME);

	if (id < 0)
		return id;
	p->family = id;
	return 0;
}

int transport_open(struct purser *p)
{
	int err;

	p->sk = nl_socket_alloc();
	p->cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!p->sk || !p->cb)
		return transport_fail(p, -ENOMEM, NULL);
	errno = 0;
	err = genl_connect(p->sk);
	if (err < 0)
		return transport_fail(p, transport_errno(err), NULL);
	if (set_option(p->sk, NETLINK_EXT_ACK) ||
	    set_option(p->sk, NETLINK_CAP_ACK) ||
	    set_option(p->sk, NETLINK_GET_STRICT_CHK))
		return transport_fail(p, -errno, NULL);
	err = nl_socket_set_msg_buf_size(p->sk, RECEIVE_BYTES);
	if (err < 0)
		return transport_fail(p, transport_errno(err), NULL);
	if (resolve(p) < 0)
		return transport_fail(p, -ENOENT,
				      "the purser module is not loaded");
	return 0;
}

void transport_close(struct purser *p)
{
	nl_cb_put(p->cb);
	nl_socket_free(p->sk);
	free(p->words);
	p->cb = NULL;
	p->sk = NULL;
	p->words = NULL;
}

struct nl_msg *transport_request(struct purser *p, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg)
		return NULL;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, p->family, 0, flags,
			 cmd, PURSER_FAMILY_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/* The kernel refuses a new dump on a socket until the last one was read to its end. */
static void throw_rest_away(struct purser *p)
{
	int fd = nl_socket_get_fd(p->sk);
	char byte;

	if (!p->stale)
		return;
	while (recv(fd, &byte, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0 ||
	       errno == ENOBUFS || errno == EINTR)
		;
	p->stale = false;
}

/* Send the request once and receive the answer; @x then has the result. */
static int exchange(struct exchange *x, struct nl_msg *msg)
{
	struct purser *p = x->p;
	struct nlmsghdr *h = nlmsg_hdr(msg);
	int err;

	x->done = false;
	x->interrupted = false;
	x->err = 0;
	h->nlmsg_type = p->family;
	h->nlmsg_seq = NL_AUTO_SEQ;
	throw_rest_away(p);
	p->stale = true;
	errno = 0;
	err = set_callbacks(p->cb, x);
	if (err >= 0)
		err = nl_send_auto(p->sk, msg);
	if (err < 0)
		return transport_fail(p, transport_errno(err), NULL);
	x->seq = h->nlmsg_seq;
	while (!x->done) {
		errno = 0;
		err = nl_recvmsgs(p->sk, p->cb);
		if (err < 0 && !x->done)
			return transport_fail(p, transport_errno(err), NULL);
	}
	p->stale = x->err != 0;
	if (x->err && !p->err)
		return transport_fail(
			p, x->err,
			x->err == -EBADMSG ?
				"the kernel sent an invalid answer" :
				NULL);
	return x->err;
}

/*
 * ENOENT without a text comes from the generic-netlink core: the family's id is unknown,
 * so the module was unloaded, and perhaps loaded again. EPROTONOSUPPORT comes from
 * netlink: the module is being unloaded, so no dump can begin.
 */
static int family_changed(struct purser *p)
{
	int old = p->family;

	if (p->err == -EPROTONOSUPPORT)
		return transport_fail(p, -ENODEV,
				      "the purser module is being unloaded");
	if (p->err != -ENOENT || p->words)
		return 0;
	if (resolve(p) < 0)
		return transport_fail(p, -ENODEV,
				      "the purser module is not loaded");
	return p->family != old;
}

int transport_call(struct purser *p, struct nl_msg *msg,
		   const struct reply *reply)
{
	struct exchange x = { .p = p, .reply = reply };
	bool resolved = false;
	int err, tries = 0;

	if (!msg)
		return transport_fail(p, -ENOMEM, NULL);
	for (;;) {
		err = exchange(&x, msg);
		if (err && !resolved && family_changed(p) > 0) {
			resolved = true;
			transport_fail(p, 0, NULL);
		} else if (!err && x.interrupted && ++tries < DUMP_TRIES) {
			;
		} else {
			break;
		}
		if (reply && reply->restart)
			reply->restart(reply->arg);
	}
	nlmsg_free(msg);
	if (!err && x.interrupted)
		return transport_fail(
			p, -EAGAIN, "the table changed each time it was read");
	return p->err;
}
