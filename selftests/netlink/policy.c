// SPDX-License-Identifier: GPL-2.0
/*
 * policy
 *
 * Prints what the kernel reports of the family: its version, operations, multicast groups
 * and the policies of its requests. Each is a line, with numbers instead of the names of
 * the specification:
 *
 *	version N
 *	op COMMAND [admin-perm] [do] [dump]
 *	policy COMMAND do|dump|do+dump
 *	attr COMMAND do|dump|do+dump ATTRIBUTE TYPE [MIN MAX] [max-len N]
 *	group NAME [admin-perm]
 *
 * "do+dump" is one policy for both: the kernel does not distinguish them then. The kernel
 * does not report whether a group needs CAP_NET_ADMIN, so the program tries to join it.
 * Exit status: 0, or 1 if there is no answer.
 */
#include <inttypes.h>
#include <linux/genetlink.h>
#include <linux/purser.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <stdbool.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define NOBODY 65534

/* struct use - the numbers of the policies of a command */
struct use {
	int command;
	int on_do;   /* -1: none */
	int on_dump; /* -1: none */
};

/* struct attribute - an entry of a policy */
struct attribute {
	int policy;
	int type;
	char *text;
};

/* struct family - what the kernel has reported so far */
struct family {
	bool done;
	int err;
	int group; /* the number of the group "events" */
	struct use *uses;
	size_t n_uses;
	struct attribute *attributes;
	size_t n_attributes;
};

static const char *const types[] = {
	[NL_ATTR_TYPE_FLAG] = "flag",
	[NL_ATTR_TYPE_U8] = "u8",
	[NL_ATTR_TYPE_U16] = "u16",
	[NL_ATTR_TYPE_U32] = "u32",
	[NL_ATTR_TYPE_U64] = "u64",
	[NL_ATTR_TYPE_S8] = "s8",
	[NL_ATTR_TYPE_S16] = "s16",
	[NL_ATTR_TYPE_S32] = "s32",
	[NL_ATTR_TYPE_S64] = "s64",
	[NL_ATTR_TYPE_BINARY] = "binary",
	[NL_ATTR_TYPE_STRING] = "string",
	[NL_ATTR_TYPE_NUL_STRING] = "nul-string",
	[NL_ATTR_TYPE_NESTED] = "nest",
	[NL_ATTR_TYPE_NESTED_ARRAY] = "nest-array",
	[NL_ATTR_TYPE_BITFIELD32] = "bitfield32",
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

static void *grow(void *array, size_t n, size_t size)
{
	array = reallocarray(array, n + 1, size);
	if (!array)
		fail("policy: out of memory");
	return array;
}

static void print_op(struct nlattr *op)
{
	struct nlattr *tb[CTRL_ATTR_OP_MAX + 1];
	uint32_t flags;

	if (nla_parse_nested(tb, CTRL_ATTR_OP_MAX, op, NULL) < 0 ||
	    !tb[CTRL_ATTR_OP_ID] || !tb[CTRL_ATTR_OP_FLAGS])
		fail("policy: an operation has no number or flags");
	flags = nla_get_u32(tb[CTRL_ATTR_OP_FLAGS]);
	printf("op %u%s%s%s%s\n", nla_get_u32(tb[CTRL_ATTR_OP_ID]),
	       flags & GENL_ADMIN_PERM ? " admin-perm" : "",
	       flags & GENL_UNS_ADMIN_PERM ? " uns-admin-perm" : "",
	       flags & GENL_CMD_CAP_DO ? " do" : "",
	       flags & GENL_CMD_CAP_DUMP ? " dump" : "");
}

static void note_group(struct family *f, struct nlattr *group)
{
	struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];

	if (nla_parse_nested(tb, CTRL_ATTR_MCAST_GRP_MAX, group, NULL) < 0 ||
	    !tb[CTRL_ATTR_MCAST_GRP_NAME] || !tb[CTRL_ATTR_MCAST_GRP_ID])
		fail("policy: a group has no name or number");
	if (f->group)
		fail("policy: there is a second group, %s",
		     nla_get_string(tb[CTRL_ATTR_MCAST_GRP_NAME]));
	if (strcmp(nla_get_string(tb[CTRL_ATTR_MCAST_GRP_NAME]),
		   PURSER_MCGRP_EVENTS))
		fail("policy: the group has another name, %s",
		     nla_get_string(tb[CTRL_ATTR_MCAST_GRP_NAME]));
	f->group = nla_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
}

static int on_family(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1], *attr;
	struct family *f = arg;
	int left;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, CTRL_ATTR_MAX, NULL) < 0 ||
	    !tb[CTRL_ATTR_VERSION] || !tb[CTRL_ATTR_OPS])
		fail("policy: the family has no version or operations");
	printf("version %u\n", nla_get_u32(tb[CTRL_ATTR_VERSION]));
	nla_for_each_nested(attr, tb[CTRL_ATTR_OPS], left)
		print_op(attr);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		nla_for_each_nested(attr, tb[CTRL_ATTR_MCAST_GROUPS], left)
			note_group(f, attr);
	return NL_OK;
}

static int policy_of(struct nlattr *attr)
{
	return attr ? (int)nla_get_u32(attr) : -1;
}

static void note_uses(struct family *f, struct nlattr *uses)
{
	struct nlattr *tb[CTRL_ATTR_POLICY_DUMP_MAX + 1], *use;
	int left;

	nla_for_each_nested(use, uses, left) {
		if (nla_parse_nested(tb, CTRL_ATTR_POLICY_DUMP_MAX, use, NULL) <
		    0)
			fail("policy: the policies of an operation are malformed");
		f->uses = grow(f->uses, f->n_uses, sizeof(*f->uses));
		f->uses[f->n_uses++] = (struct use){
			.command = nla_type(use),
			.on_do = policy_of(tb[CTRL_ATTR_POLICY_DO]),
			.on_dump = policy_of(tb[CTRL_ATTR_POLICY_DUMP]),
		};
	}
}

/* Returns a string such as "u32 1 64" or "binary max-len 1024"; free it with free(). */
static char *describe(struct nlattr **tb)
{
	static const struct {
		int attr;
		const char *label;
	} lengths[] = {
		{ NL_POLICY_TYPE_ATTR_MIN_LENGTH, " min-len" },
		{ NL_POLICY_TYPE_ATTR_MAX_LENGTH, " max-len" },
	};
	uint32_t type = nla_get_u32(tb[NL_POLICY_TYPE_ATTR_TYPE]);
	char *text = NULL;
	size_t i, size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		fail("policy: out of memory");
	fputs(type < N_TYPES && types[type] ? types[type] : "unknown", out);
	if (tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U])
		fprintf(out, " %" PRIu64,
			nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U]));
	if (tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U])
		fprintf(out, " %" PRIu64,
			nla_get_u64(tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U]));
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (tb[lengths[i].attr])
			fprintf(out, "%s %u", lengths[i].label,
				nla_get_u32(tb[lengths[i].attr]));
	if (fclose(out))
		fail("policy: out of memory");
	return text;
}

static void note_attributes(struct family *f, struct nlattr *policies)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1], *policy, *attr;
	int left, rest;

	nla_for_each_nested(policy, policies, left) {
		nla_for_each_nested(attr, policy, rest) {
			if (nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, attr,
					     NULL) < 0 ||
			    !tb[NL_POLICY_TYPE_ATTR_TYPE])
				fail("policy: an attribute has no type");
			f->attributes = grow(f->attributes, f->n_attributes,
					     sizeof(*f->attributes));
			f->attributes[f->n_attributes++] = (struct attribute){
				.policy = nla_type(policy),
				.type = nla_type(attr),
				.text = describe(tb),
			};
		}
	}
}

static int on_policy(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct family *f = arg;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, CTRL_ATTR_MAX, NULL) < 0)
		fail("policy: a message is malformed");
	if (tb[CTRL_ATTR_OP_POLICY])
		note_uses(f, tb[CTRL_ATTR_OP_POLICY]);
	if (tb[CTRL_ATTR_POLICY])
		note_attributes(f, tb[CTRL_ATTR_POLICY]);
	return NL_OK;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct family *f = arg;

	(void)msg;
	f->done = true;
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct family *f = arg;

	(void)from;
	f->done = true;
	f->err = e->error;
	return NL_STOP;
}

static void ask(struct nl_sock *sk, int command, int flags, struct family *f,
		nl_recvmsg_msg_cb_t take)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct nl_msg *msg = nlmsg_alloc();
	int err;

	if (!cb || nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, f) ||
	    nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, f) ||
	    nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take, f) ||
	    nl_cb_err(cb, NL_CB_CUSTOM, on_error, f) || !msg ||
	    !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, GENL_ID_CTRL, 0, flags,
			 command, 1) ||
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, PURSER_FAMILY_NAME))
		fail("policy: out of memory");
	f->done = false;
	err = nl_send_auto(sk, msg);
	while (err >= 0 && !f->done)
		err = nl_recvmsgs(sk, cb);
	errno = -f->err;
	if (err < 0 || f->err)
		fail("policy: no answer to command %d of nlctrl", command);
	nlmsg_free(msg);
	nl_cb_put(cb);
}

static void print_policy(const struct family *f, int command, const char *use,
			 int policy)
{
	size_t i;

	if (policy < 0)
		return;
	printf("policy %d %s\n", command, use);
	for (i = 0; i < f->n_attributes; i++)
		if (f->attributes[i].policy == policy)
			printf("attr %d %s %d %s\n", command, use,
			       f->attributes[i].type, f->attributes[i].text);
}

static void print_policies(const struct family *f)
{
	const struct use *u;

	for (u = f->uses; u < f->uses + f->n_uses; u++) {
		if (u->on_do == u->on_dump) {
			print_policy(f, u->command, "do+dump", u->on_do);
			continue;
		}
		print_policy(f, u->command, "do", u->on_do);
		print_policy(f, u->command, "dump", u->on_dump);
	}
}

/* Must be called last, since it gives up the privileges of the process. */
static void print_group(int group)
{
	struct nl_sock *sk;
	int err;

	if (!group)
		return;
	if (setresuid(NOBODY, NOBODY, NOBODY))
		fail("policy: cannot become nobody");
	sk = nl_socket_alloc();
	if (!sk || genl_connect(sk) < 0)
		fail("policy: cannot open a socket as nobody");
	err = setsockopt(nl_socket_get_fd(sk), SOL_NETLINK,
			 NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	if (err && errno != EPERM)
		fail("policy: cannot join the group");
	printf("group %s%s\n", PURSER_MCGRP_EVENTS, err ? " admin-perm" : "");
	nl_socket_free(sk);
}

int main(void)
{
	struct nl_sock *sk = nl_socket_alloc();
	struct family f = { 0 };
	size_t i;

	if (!sk || genl_connect(sk) < 0)
		fail("policy: cannot open a socket");
	ask(sk, CTRL_CMD_GETFAMILY, 0, &f, on_family);
	ask(sk, CTRL_CMD_GETPOLICY, NLM_F_DUMP, &f, on_policy);
	print_policies(&f);
	print_group(f.group);
	for (i = 0; i < f.n_attributes; i++)
		free(f.attributes[i].text);
	free(f.attributes);
	free(f.uses);
	nl_socket_free(sk);
	if (fflush(stdout))
		fail("policy: cannot write to standard output");
	return 0;
}
