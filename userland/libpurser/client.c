// SPDX-License-Identifier: LGPL-2.1
/* The handle, and the commands of the family that answer with one message. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>

#include "base/pidfd.h"
#include "record.h"
#include "transport.h"

/* Why this thread's last purser_open() failed: it left no handle to ask. */
static _Thread_local int open_error;

static const char *words_for(int err)
{
	const char *words;

	switch (err) {
	case -ENOENT:
		return "no such container";
	case -EPERM:
		return "this needs CAP_NET_ADMIN";
	}
	words = strerrordesc_np(-err);
	return words ? words : "unknown error";
}

int purser_open(struct purser **out)
{
	struct purser *p = calloc(1, sizeof(*p));
	int err;

	*out = NULL;
	if (!p) {
		open_error = -ENOMEM;
		return -ENOMEM;
	}
	err = transport_open(p);
	open_error = err;
	if (err) {
		purser_close(p);
		return err;
	}
	*out = p;
	return 0;
}

void purser_close(struct purser *p)
{
	if (!p)
		return;
	transport_close(p);
	free(p);
}

const char *purser_last_error(const struct purser *p)
{
	if (!p)
		return open_error == -ENOENT ?
			       "the purser module is not loaded" :
			       words_for(open_error);
	return p->words ? p->words : words_for(p->err);
}

/* Exactly one of the three names the container. */
static int put_ref(struct nl_msg *msg, const struct purser_ref *ref)
{
	if (ref->name)
		return nla_put_string(msg, PURSER_A_CONTAINER_NAME, ref->name);
	if (ref->pid)
		return nla_put_u32(msg, PURSER_A_CONTAINER_PID, ref->pid);
	return nla_put_u64(msg, PURSER_A_CONTAINER_ID, ref->id);
}

static int check_name(struct purser *p, const char *name)
{
	if (strlen(name) <= PURSER_NAME_MAX)
		return 0;
	return transport_fail(p, -ENAMETOOLONG, "the name is too long");
}

/* Begin a request about @ref. @msg: NULL: out of memory, which transport_call() reports */
static int begin_for(struct purser *p, int cmd, const struct purser_ref *ref,
		     struct nl_msg **msg)
{
	int err = transport_begin(p, false);

	if (!err && !!ref->name + !!ref->pid + !!ref->id != 1)
		err = transport_fail(p, -EINVAL,
				     "one of id, name and pid is needed");
	if (!err && ref->name)
		err = check_name(p, ref->name);
	if (err)
		return err;
	*msg = transport_request(p, cmd, NLM_F_REQUEST);
	if (*msg)
		*msg = transport_put(*msg, put_ref(*msg, ref));
	return 0;
}

/* struct one - an answer that must be one message */
struct one {
	void *out;
	bool came;
	int (*decode)(struct nlmsghdr *h, void *out);
};

static int take_one(struct nlmsghdr *h, void *arg)
{
	struct one *one = arg;
	int err;

	if (one->came)
		return -EBADMSG;
	err = one->decode(h, one->out);
	one->came = !err;
	return err;
}

static int call_for_one(struct purser *p, struct nl_msg *msg, struct one *one)
{
	struct reply reply = { .message = take_one, .arg = one };
	int err = transport_call(p, msg, &reply);

	if (!err && !one->came)
		return transport_fail(p, -EBADMSG,
				      "the kernel sent an empty answer");
	return err;
}

static int put_registration(struct nl_msg *msg,
			    const struct purser_registration *reg, pid_t pid)
{
	size_t i;

	NLA_PUT_STRING(msg, PURSER_A_CONTAINER_NAME, reg->name);
	NLA_PUT_U32(msg, PURSER_A_CONTAINER_PID, pid);
	if (reg->pidfd)
		NLA_PUT_U32(msg, PURSER_A_CONTAINER_PIDFD, *reg->pidfd);
	NLA_PUT_U64(msg, PURSER_A_CONTAINER_SOFT_LIMIT, reg->soft_limit);
	NLA_PUT_U64(msg, PURSER_A_CONTAINER_HARD_LIMIT, reg->hard_limit);
	if (reg->cookie_len)
		NLA_PUT(msg, PURSER_A_CONTAINER_COOKIE, reg->cookie_len,
			reg->cookie);
	for (i = 0; i < reg->n_fifos; i++)
		NLA_PUT_U32(msg, PURSER_A_CONTAINER_FIFO, reg->fifos[i]);
	return 0;
nla_put_failure:
	return -1;
}

static int find_process(struct purser *p, int pidfd, pid_t *pid)
{
	int err = pidfd_pid(pidfd, pid);

	switch (err) {
	case 0:
		return 0;
	case -EBADF:
		return transport_fail(p, err, "this is not a pidfd");
	case -ESRCH:
		return transport_fail(p, err,
				      "the process of the pidfd has ended");
	case -ENOENT:
	case -EXDEV:
		return transport_fail(p, err,
				      "a pidfd needs the /proc of this PID "
				      "namespace");
	}
	return transport_fail(p, err, NULL);
}

int purser_register(struct purser *p, const struct purser_registration *reg,
		    uint64_t *id)
{
	struct one one = { .out = id, .decode = record_decode_id };
	pid_t pid = reg->pid;
	struct nl_msg *msg;
	int err = transport_begin(p, false);

	if (!err)
		err = check_name(p, reg->name);
	if (!err && reg->cookie_len > PURSER_COOKIE_MAX)
		err = transport_fail(p, -EMSGSIZE, "the cookie is too long");
	if (!err && reg->n_fifos > PURSER_FIFOS_MAX)
		err = transport_fail(p, -E2BIG, "these are too many FIFOs");
	if (!err && !pid && reg->pidfd)
		err = find_process(p, *reg->pidfd, &pid);
	if (err)
		return err;
	msg = transport_request(p, PURSER_CMD_REGISTER, NLM_F_REQUEST);
	if (msg)
		msg = transport_put(msg, put_registration(msg, reg, pid));
	return call_for_one(p, msg, &one);
}

int purser_unregister(struct purser *p, const struct purser_ref *ref)
{
	struct nl_msg *msg;
	int err = begin_for(p, PURSER_CMD_UNREGISTER, ref, &msg);

	return err ? err : transport_call(p, msg, NULL);
}

int purser_get(struct purser *p, const struct purser_ref *ref,
	       struct purser_container *out)
{
	struct one one = { .out = out, .decode = record_decode_container };
	struct nl_msg *msg;
	int err = begin_for(p, PURSER_CMD_GET, ref, &msg);

	return err ? err : call_for_one(p, msg, &one);
}

int purser_set(struct purser *p, const struct purser_ref *ref,
	       const struct purser_limits *limits)
{
	struct nl_msg *msg;
	int err = begin_for(p, PURSER_CMD_SET, ref, &msg), put = 0;

	if (err)
		return err;
	if (msg && limits->soft_limit)
		put = nla_put_u64(msg, PURSER_A_CONTAINER_SOFT_LIMIT,
				  *limits->soft_limit);
	if (msg && put >= 0 && limits->hard_limit)
		put = nla_put_u64(msg, PURSER_A_CONTAINER_HARD_LIMIT,
				  *limits->hard_limit);
	return transport_call(p, transport_put(msg, put), NULL);
}

int purser_release_fifos(struct purser *p, const struct purser_ref *ref)
{
	struct nl_msg *msg;
	int err = begin_for(p, PURSER_CMD_SET, ref, &msg), put = 0;

	if (err)
		return err;
	if (msg)
		put = nla_put_flag(msg, PURSER_A_CONTAINER_RELEASE_FIFOS);
	return transport_call(p, transport_put(msg, put), NULL);
}

/* Begin a stop, as begin_for() does. @put: receives 0 or the error of libnl */
static int begin_stop(struct purser *p, const struct purser_ref *ref,
		      int signal, struct nl_msg **msg, int *put)
{
	int err = begin_for(p, PURSER_CMD_STOP, ref, msg);

	*put = 0;
	if (!err && *msg && signal)
		*put = nla_put_u32(*msg, PURSER_A_CONTAINER_STOP_SIGNAL,
				   signal);
	return err;
}

int purser_stop(struct purser *p, const struct purser_ref *ref, int signal,
		unsigned int grace_ms)
{
	struct nl_msg *msg;
	int put, err = begin_stop(p, ref, signal, &msg, &put);

	if (err)
		return err;
	if (msg && put >= 0 && grace_ms != PURSER_GRACE_DEFAULT)
		put = nla_put_u32(msg, PURSER_A_CONTAINER_GRACE_MS, grace_ms);
	return transport_call(p, transport_put(msg, put), NULL);
}

int purser_stop_gently(struct purser *p, const struct purser_ref *ref,
		       int signal)
{
	struct nl_msg *msg;
	int put, err = begin_stop(p, ref, signal, &msg, &put);

	if (err)
		return err;
	if (msg && put >= 0)
		put = nla_put_flag(msg, PURSER_A_CONTAINER_NO_FORCE);
	return transport_call(p, transport_put(msg, put), NULL);
}

int purser_get_info(struct purser *p, struct purser_info *out)
{
	struct one one = { .out = out, .decode = record_decode_info };
	struct nl_msg *msg;
	int err = transport_begin(p, false);

	memset(out, 0, sizeof(*out));
	if (err)
		return err;
	msg = transport_request(p, PURSER_CMD_INFO, NLM_F_REQUEST);
	err = call_for_one(p, msg, &one);
	if (err && one.came)
		purser_info_free(out);
	return err;
}
