// SPDX-License-Identifier: LGPL-2.1
/* What the running kernel's family accepts, see policy.h. */
#include <errno.h>
#include <stdlib.h>

#include <linux/genetlink.h>
#include <linux/purser.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "policy.h"
#include "transport.h"

/** struct question - one request to the controller and the state of its answer */
struct question {
	struct policies *to;
	bool done;
	int err;
};

static void *grow(void *array, size_t n, size_t size)
{
	/* A power of two: the room is used up. */
	return n & (n - 1) ? array : reallocarray(array, n ? 2 * n : 1, size);
}

static struct policy_command *command_of(struct policies *p, uint32_t number)
{
	struct policy_command *all;

	for (size_t i = 0; i < p->n_commands; i++) {
		if (p->commands[i].number == number)
			return &p->commands[i];
	}
	all = grow(p->commands, p->n_commands, sizeof(*all));
	if (!all)
		return NULL;
	p->commands = all;
	all[p->n_commands] = (struct policy_command){
		.number = number,
		.on_do = -1,
		.on_dump = -1,
	};
	return &all[p->n_commands++];
}

static int take_op(struct policies *to, struct nlattr *op)
{
	struct nlattr *tb[CTRL_ATTR_OP_MAX + 1];
	struct policy_command *command;

	if (nla_parse_nested(tb, CTRL_ATTR_OP_MAX, op, NULL) < 0 ||
	    !tb[CTRL_ATTR_OP_ID] || !tb[CTRL_ATTR_OP_FLAGS])
		return -EBADMSG;
	command = command_of(to, nla_get_u32(tb[CTRL_ATTR_OP_ID]));
	if (!command)
		return -ENOMEM;
	command->flags = nla_get_u32(tb[CTRL_ATTR_OP_FLAGS]);
	return 0;
}

static int take_family(struct policies *to, struct nlattr **tb)
{
	struct nlattr *op;
	int left, err = 0;

	if (!tb[CTRL_ATTR_VERSION] || !tb[CTRL_ATTR_OPS])
		return -EBADMSG;
	to->version = nla_get_u32(tb[CTRL_ATTR_VERSION]);
	nla_for_each_nested(op, tb[CTRL_ATTR_OPS], left) {
		if (!err)
			err = take_op(to, op);
	}
	return err;
}

/* The numbers of the policies of one command. */
static int take_use(struct policies *to, struct nlattr *use)
{
	struct nlattr *tb[CTRL_ATTR_POLICY_DUMP_MAX + 1];
	struct policy_command *command;

	if (nla_parse_nested(tb, CTRL_ATTR_POLICY_DUMP_MAX, use, NULL) < 0)
		return -EBADMSG;
	command = command_of(to, nla_type(use));
	if (!command)
		return -ENOMEM;
	if (tb[CTRL_ATTR_POLICY_DO])
		command->on_do = nla_get_u32(tb[CTRL_ATTR_POLICY_DO]);
	if (tb[CTRL_ATTR_POLICY_DUMP])
		command->on_dump = nla_get_u32(tb[CTRL_ATTR_POLICY_DUMP]);
	return 0;
}

static int take_attr(struct policies *to, uint32_t policy, struct nlattr *attr)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1];
	struct policy_attr *all, *a;

	if (nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, attr, NULL) < 0 ||
	    !tb[NL_POLICY_TYPE_ATTR_TYPE])
		return -EBADMSG;
	all = grow(to->attrs, to->n_attrs, sizeof(*all));
	if (!all)
		return -ENOMEM;
	to->attrs = all;
	a = &all[to->n_attrs++];
	*a = (struct policy_attr){
		.policy = policy,
		.number = nla_type(attr),
		.type = nla_get_u32(tb[NL_POLICY_TYPE_ATTR_TYPE]),
		.has_min = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U],
		.has_max = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U],
		.has_max_len = tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH],
	};
	if (a->has_min)
		a->min = nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U]);
	if (a->has_max)
		a->max = nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U]);
	if (a->has_max_len)
		a->max_len = nla_get_u32(tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH]);
	return 0;
}

/* A message has a part of the policies, or of what they are for. */
static int take_policies(struct policies *to, struct nlattr **tb)
{
	struct nlattr *at, *attr;
	int left, rest, err = 0;

	if (tb[CTRL_ATTR_OP_POLICY]) {
		nla_for_each_nested(at, tb[CTRL_ATTR_OP_POLICY], left) {
			if (!err)
				err = take_use(to, at);
		}
	}
	if (err || !tb[CTRL_ATTR_POLICY])
		return err;
	nla_for_each_nested(at, tb[CTRL_ATTR_POLICY], left) {
		nla_for_each_nested(attr, at, rest) {
			if (!err)
				err = take_attr(to, nla_type(at), attr);
		}
	}
	return err;
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct question *q = arg;

	if (q->err)
		return NL_OK;
	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, CTRL_ATTR_MAX, NULL) < 0)
		q->err = -EBADMSG;
	else if (tb[CTRL_ATTR_OP_POLICY] || tb[CTRL_ATTR_POLICY])
		q->err = take_policies(q->to, tb);
	else
		q->err = take_family(q->to, tb);
	return NL_OK;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct question *q = arg;

	(void)msg;
	q->done = true;
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct question *q = arg;

	(void)from;
	q->done = true;
	q->err = e->error;
	return NL_STOP;
}

static int set_callbacks(struct nl_cb *cb, struct question *q)
{
	int err = nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, q);

	if (err >= 0)
		err = nl_cb_set(cb, NL_CB_MSG_IN, NL_CB_CUSTOM,
				transport_screen, NULL);
	if (err >= 0)
		err = nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, q);
	if (err >= 0)
		err = nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, q);
	return err < 0 ? err : nl_cb_err(cb, NL_CB_CUSTOM, on_error, q);
}

static int exchange(struct nl_sock *sk, struct nl_cb *cb, struct nl_msg *msg,
		    struct question *q)
{
	int err = set_callbacks(cb, q);

	errno = 0;
	if (err >= 0)
		err = nl_send_auto(sk, msg);
	while (err >= 0 && !q->done) {
		errno = 0;
		err = nl_recvmsgs(sk, cb);
	}
	return q->done || err >= 0 ? q->err : transport_errno(err);
}

static int ask(struct nl_sock *sk, int command, int flags, struct policies *to)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct nl_msg *msg = nlmsg_alloc();
	struct question q = { .to = to };
	int err = -ENOMEM;

	if (cb && msg &&
	    genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, GENL_ID_CTRL, 0, flags,
			command, 1) &&
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, PURSER_FAMILY_NAME) >= 0)
		err = exchange(sk, cb, msg, &q);
	nlmsg_free(msg);
	nl_cb_put(cb);
	return err;
}

int policies_read(struct policies *policies)
{
	struct nl_sock *sk = nl_socket_alloc();
	int err;

	*policies = (struct policies){ 0 };
	if (!sk)
		return -ENOMEM;
	errno = 0;
	err = genl_connect(sk);
	err = err < 0 ? transport_errno(err) :
			ask(sk, CTRL_CMD_GETFAMILY, NLM_F_ACK, policies);
	if (!err)
		err = ask(sk, CTRL_CMD_GETPOLICY, NLM_F_DUMP, policies);
	nl_socket_free(sk);
	return err;
}

void policies_free(struct policies *policies)
{
	free(policies->commands);
	free(policies->attrs);
	*policies = (struct policies){ 0 };
}
