// SPDX-License-Identifier: GPL-2.0
/*
 * The generic-netlink family: what a request must look like, who may send it,
 * and its answer. What a command does is done elsewhere.
 *
 * All handlers run in the process context of the sender (dumps: of whoever
 * reads the socket). The family's own locking is not needed: parallel_ops.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat.h"
#include "container.h"
#include "lifecycle.h"
#include "member.h"
#include "memory.h"
#include "netlink.h"
#include "policy.h"
#include "probe.h"
#include "record.h"
#include "stop.h"

#define DEFAULT_GRACE_MS 10000

static struct genl_family family;

/* Nothing that is itself inside a container may use the family. */
static int check_caller(struct netlink_ext_ack *extack)
{
	if (!purser_member_is_current())
		return 0;
	NL_SET_ERR_MSG(extack, "the caller is inside a container");
	return -EPERM;
}

static int check_name(struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (purser_name_is_legal(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a name is [A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
	return -EINVAL;
}

static struct container *find_by_pid(const struct nlattr *attr)
{
	struct pid *pid = find_get_pid(nla_get_u32(attr));
	struct container *c = NULL;

	if (pid)
		c = purser_container_by_pid(pid);
	put_pid(pid);
	return c;
}

/* The container that a request names, with a reference, or an ERR_PTR(). */
static struct container *find_container(struct nlattr **attrs,
					struct netlink_ext_ack *extack)
{
	struct nlattr *id = attrs[PURSER_A_CONTAINER_ID];
	struct nlattr *name = attrs[PURSER_A_CONTAINER_NAME];
	struct nlattr *pid = attrs[PURSER_A_CONTAINER_PID];
	struct container *c;

	if (!!id + !!name + !!pid != 1) {
		NL_SET_ERR_MSG(extack,
			       "exactly one of id, name and pid is needed");
		return ERR_PTR(-EINVAL);
	}
	if (id)
		c = purser_container_by_id(nla_get_u64(id));
	else if (name)
		c = purser_container_by_name(nla_data(name));
	else
		c = find_by_pid(pid);
	if (c)
		return c;
	NL_SET_ERR_MSG_ATTR(extack, id ?: name ?: pid, "no such container");
	return ERR_PTR(-ENOENT);
}

/* Point at the attribute that a refusal whose message is set is about. */
static void blame(struct genl_info *info, int attr)
{
	if (attr && info->attrs[attr])
		NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
}

/* That attribute where it is the container's state that is in the way. */
static int reference(struct genl_info *info)
{
	if (info->attrs[PURSER_A_CONTAINER_ID])
		return PURSER_A_CONTAINER_ID;
	return info->attrs[PURSER_A_CONTAINER_NAME] ? PURSER_A_CONTAINER_NAME :
						      PURSER_A_CONTAINER_PID;
}

/* What do_*() handlers of one container begin with. */
static struct container *begin(struct genl_info *info)
{
	int err = check_caller(info->extack);

	return err ? ERR_PTR(err) : find_container(info->attrs, info->extack);
}

/* A reply to @info with its header in place; @header is for genlmsg_end(). */
static struct sk_buff *new_reply(struct genl_info *info, u8 cmd, void **header)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*header = genlmsg_put_reply(skb, info, &family, 0, cmd);
	if (*header)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static u64 optional_u64(struct nlattr **attrs, int attr)
{
	return attrs[attr] ? nla_get_u64(attrs[attr]) : 0;
}

/*
 * Nothing that the kernel exports leads from a pidfd to its process; but it can
 * be asked whether that is alive. Where it is now, a pid that was its own when
 * the sender looked has been no other's since: the process that was found by
 * that pid, before this, is the one meant.
 */
static int check_pidfd(const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct file *file = fget(nla_get_u32(attr));
	int err = 0;

	if (!file || !purser_file_is_pidfd(file)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "not a pidfd of the caller's");
		err = -EBADF;
	} else if (vfs_poll(file, NULL) & EPOLLIN) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the process of the pidfd has exited");
		err = -ESRCH;
	}
	if (file)
		fput(file);
	return err;
}

/* What @reg holds afterwards goes with release_registration(). */
static int read_registration(struct genl_info *info,
			     struct purser_registration *reg)
{
	struct nlattr *name = info->attrs[PURSER_A_CONTAINER_NAME];
	struct nlattr *pid = info->attrs[PURSER_A_CONTAINER_PID];
	struct nlattr *pidfd = info->attrs[PURSER_A_CONTAINER_PIDFD];
	struct nlattr *cookie = info->attrs[PURSER_A_CONTAINER_COOKIE];
	int err;

	if (GENL_REQ_ATTR_CHECK(info, PURSER_A_CONTAINER_NAME) ||
	    GENL_REQ_ATTR_CHECK(info, PURSER_A_CONTAINER_PID)) {
		NL_SET_ERR_MSG(info->extack, "name and pid are needed");
		return -EINVAL;
	}
	err = check_name(name, info->extack);
	if (err)
		return err;
	reg->name = nla_data(name);
	reg->soft_limit = optional_u64(info->attrs,
				       PURSER_A_CONTAINER_SOFT_LIMIT);
	reg->hard_limit = optional_u64(info->attrs,
				       PURSER_A_CONTAINER_HARD_LIMIT);
	if (cookie) {
		reg->cookie = nla_data(cookie);
		reg->cookie_len = nla_len(cookie);
	}
	reg->pid = find_get_pid(nla_get_u32(pid));
	if (!reg->pid) {
		NL_SET_ERR_MSG_ATTR(info->extack, pid,
				    "no process has this pid");
		return -ESRCH;
	}
	if (pidfd)
		err = check_pidfd(pidfd, info->extack);
	return err ?: purser_fifos_read(&reg->fifos, info);
}

static void release_registration(struct purser_registration *reg)
{
	put_pid(reg->pid);
	purser_fifos_put(&reg->fifos);
}

static int do_register(struct sk_buff *skb, struct genl_info *info)
{
	struct purser_registration reg = {};
	struct sk_buff *reply;
	void *header;
	u64 id;
	int err;

	err = check_caller(info->extack);
	if (err)
		return err;
	err = read_registration(info, &reg);
	if (err)
		goto out;
	/* Before the deed: what was done must not be answered with an error. */
	err = -ENOMEM;
	reply = new_reply(info, PURSER_CMD_REGISTER, &header);
	if (!reply)
		goto out;
	err = purser_lifecycle_register(&reg, &id, info->extack);
	if (err) {
		blame(info, reg.at_fault);
		nlmsg_free(reply);
		goto out;
	}
	/* Cannot fail: the message is empty and has room for a page. */
	WARN_ON_ONCE(nla_put_u64_64bit(reply, PURSER_A_CONTAINER_ID, id,
				       PURSER_A_CONTAINER_PAD));
	genlmsg_end(reply, header);
	err = genlmsg_reply(reply, info);
out:
	release_registration(&reg);
	return err;
}

static int do_unregister(struct sk_buff *skb, struct genl_info *info)
{
	struct container *c = begin(info);
	int err;

	if (IS_ERR(c))
		return PTR_ERR(c);
	err = purser_lifecycle_unregister(c, info->extack);
	if (err)
		blame(info, reference(info));
	purser_container_put(c);
	return err;
}

/* The record of @c, and its cookie for those who may see it. */
static int put_container(struct sk_buff *skb, struct container *c,
			 bool privileged)
{
	struct purser_record record;
	int err;

	if (READ_ONCE(c->state) != PURSER_STATE_EXITED)
		purser_memory_measure(c);
	spin_lock(&c->lock);
	purser_memory_settle_locked(c);
	purser_container_snapshot(c, &record);
	spin_unlock(&c->lock);
	err = purser_record_put(skb, &record);
	if (!err && privileged && c->cookie_len)
		err = nla_put(skb, PURSER_A_CONTAINER_COOKIE, c->cookie_len,
			      c->cookie);
	return err;
}

static int do_get(struct sk_buff *skb, struct genl_info *info)
{
	struct container *c = begin(info);
	struct sk_buff *reply;
	void *header;
	int err;

	if (IS_ERR(c))
		return PTR_ERR(c);
	err = -EINVAL;
	if (info->attrs[PURSER_A_CONTAINER_STATE]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PURSER_A_CONTAINER_STATE],
				    "state selects records of a dump");
		goto out;
	}
	err = -ENOMEM;
	reply = new_reply(info, PURSER_CMD_GET, &header);
	if (!reply)
		goto out;
	err = put_container(reply, c, netlink_capable(skb, CAP_NET_ADMIN));
	if (err) {
		nlmsg_free(reply);
		goto out;
	}
	genlmsg_end(reply, header);
	err = genlmsg_reply(reply, info);
out:
	purser_container_put(c);
	return err;
}

static int check_dump(struct netlink_callback *cb)
{
	struct nlattr **attrs = purser_dump_attrs(cb);
	struct nlattr *ref;
	int err;

	err = check_caller(cb->extack);
	if (err)
		return err;
	ref = attrs[PURSER_A_CONTAINER_ID]	     ?:
		      attrs[PURSER_A_CONTAINER_NAME] ?:
		      attrs[PURSER_A_CONTAINER_PID];
	if (!ref)
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, ref, "a dump is of all containers");
	return -EINVAL;
}

/*
 * args[0]: id of the last record sent; args[1]: the request was looked at. That
 * is not done in .start, where 6.1 has no place for a message. The first call
 * runs in the sender's context all the same.
 */
static int dump_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *state = purser_dump_attrs(cb)[PURSER_A_CONTAINER_STATE];
	bool privileged = netlink_capable(cb->skb, CAP_NET_ADMIN);
	struct container *c;
	void *header;
	int err = 0;

	if (!cb->args[1]) {
		err = check_dump(cb);
		if (err)
			return err;
		cb->args[1] = 1;
	}
	cb->seq = purser_table_generation();
	while ((c = purser_container_after(cb->args[0]))) {
		if (state && READ_ONCE(c->state) != nla_get_u32(state))
			goto next;
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &family, NLM_F_MULTI,
				     PURSER_CMD_GET);
		err = header ? put_container(skb, c, privileged) : -EMSGSIZE;
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

static int set_limits(struct container *c, struct genl_info *info)
{
	struct nlattr *soft = info->attrs[PURSER_A_CONTAINER_SOFT_LIMIT];
	struct nlattr *hard = info->attrs[PURSER_A_CONTAINER_HARD_LIMIT];
	u64 soft_limit, hard_limit;
	int err;

	if (!soft && !hard)
		return 0;
	soft_limit = soft ? nla_get_u64(soft) : 0;
	hard_limit = hard ? nla_get_u64(hard) : 0;
	err = purser_lifecycle_set_limits(c, soft ? &soft_limit : NULL,
					  hard ? &hard_limit : NULL,
					  info->extack);
	if (err == -EINVAL)
		blame(info, hard ? PURSER_A_CONTAINER_HARD_LIMIT :
				   PURSER_A_CONTAINER_SOFT_LIMIT);
	else if (err)
		blame(info, reference(info));
	return err;
}

static int release_fifos(struct container *c, struct genl_info *info)
{
	int err;

	if (!info->attrs[PURSER_A_CONTAINER_RELEASE_FIFOS])
		return 0;
	err = purser_fifos_release(c, info->extack);
	if (err)
		blame(info, reference(info));
	return err;
}

static int do_set(struct sk_buff *skb, struct genl_info *info)
{
	struct container *c = begin(info);
	int err = -EINVAL;

	if (IS_ERR(c))
		return PTR_ERR(c);
	if (info->attrs[PURSER_A_CONTAINER_SOFT_LIMIT] ||
	    info->attrs[PURSER_A_CONTAINER_HARD_LIMIT] ||
	    info->attrs[PURSER_A_CONTAINER_RELEASE_FIFOS])
		/* What may be refused comes first: all of it is done, or nothing. */
		err = set_limits(c, info) ?: release_fifos(c, info);
	else
		NL_SET_ERR_MSG(info->extack,
			       "a limit or release-fifos is needed");
	purser_container_put(c);
	return err;
}

static int do_stop(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *signal = info->attrs[PURSER_A_CONTAINER_STOP_SIGNAL];
	struct nlattr *grace = info->attrs[PURSER_A_CONTAINER_GRACE_MS];
	struct container *c = begin(info);
	int err;

	if (IS_ERR(c))
		return PTR_ERR(c);
	err = purser_stop(c, signal ? nla_get_u32(signal) : SIGTERM,
			  grace ? nla_get_u32(grace) : DEFAULT_GRACE_MS,
			  info->extack);
	if (err)
		blame(info, reference(info));
	purser_container_put(c);
	return err;
}

/* args[0]: number of the last event sent; args[1]: as in dump_get(). */
static int dump_event_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *seq = purser_dump_attrs(cb)[PURSER_A_EVENT_SEQ];
	struct purser_event event;
	void *header;
	int err;

	if (!cb->args[1]) {
		err = check_caller(cb->extack);
		if (err)
			return err;
		cb->args[0] = seq ? nla_get_u64(seq) : 0;
		cb->args[1] = 1;
	}
	while (purser_event_next(cb->args[0], &event)) {
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, &family, NLM_F_MULTI,
				     PURSER_CMD_EVENT);
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

static int do_info(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	err = check_caller(info->extack);
	if (err)
		return err;
	reply = new_reply(info, PURSER_CMD_INFO, &header);
	if (!reply)
		return -ENOMEM;
	err = purser_record_put_info(reply);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static const struct genl_ops ops[] = {
	{
		.cmd = PURSER_CMD_REGISTER,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_register_policy,
		.maxattr = ARRAY_SIZE(purser_register_policy) - 1,
		.doit = do_register,
	},
	{
		.cmd = PURSER_CMD_UNREGISTER,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_ref_policy,
		.maxattr = ARRAY_SIZE(purser_ref_policy) - 1,
		.doit = do_unregister,
	},
	{
		.cmd = PURSER_CMD_GET,
		.policy = purser_get_policy,
		.maxattr = ARRAY_SIZE(purser_get_policy) - 1,
		.doit = do_get,
		.dumpit = dump_get,
	},
	{
		.cmd = PURSER_CMD_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_set_policy,
		.maxattr = ARRAY_SIZE(purser_set_policy) - 1,
		.doit = do_set,
	},
	{
		.cmd = PURSER_CMD_STOP,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_stop_policy,
		.maxattr = ARRAY_SIZE(purser_stop_policy) - 1,
		.doit = do_stop,
	},
	{
		.cmd = PURSER_CMD_EVENT_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = purser_event_get_policy,
		.maxattr = ARRAY_SIZE(purser_event_get_policy) - 1,
		.dumpit = dump_event_get,
	},
	{
		.cmd = PURSER_CMD_INFO,
		.policy = purser_info_policy,
		.maxattr = ARRAY_SIZE(purser_info_policy) - 1,
		.doit = do_info,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = PURSER_MCGRP_EVENTS, .flags = PURSER_MCAST_ADMIN },
};

static struct genl_family family = {
	.name = PURSER_FAMILY_NAME,
	.version = PURSER_FAMILY_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * purser_netlink_multicast() - send an event to whoever listens
 * @event: a copy
 *
 * A listener that does not read loses it, and learns that from ENOBUFS.
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative errno where the message could not be made.
 */
int purser_netlink_multicast(const struct purser_event *event)
{
	struct sk_buff *skb;
	void *header;

	if (!genl_has_listeners(&family, &init_net, 0))
		return 0;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	header = genlmsg_put(skb, 0, 0, &family, 0, PURSER_CMD_EVENT);
	if (!header || purser_record_put_event(skb, event)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&family, skb, 0, 0, GFP_KERNEL);
	return 0;
}

int __init purser_netlink_init(void)
{
	return genl_register_family(&family);
}

void purser_netlink_exit(void)
{
	genl_unregister_family(&family);
}
