// SPDX-License-Identifier: GPL-2.0
/*
 * Handlers of requests about one container: they read the attributes and send the
 * replies. Other files do the work.
 *
 * All handlers run in the context of the process that sends the request.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat.h"
#include "family.h"
#include "member.h"
#include "record.h"
#include "register.h"
#include "reply.h"
#include "request.h"
#include "stop.h"
#include "table.h"

#define DEFAULT_GRACE_MS 10000

static int check_name(struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (purser_name_is_legal(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a name is [A-Za-z0-9][A-Za-z0-9_.+-]{0,126}");
	return -EINVAL;
}

static struct purser_container *find_by_pid(const struct nlattr *attr)
{
	struct pid *pid = find_get_pid(nla_get_u32(attr));
	struct purser_container *c = NULL;

	if (pid)
		c = purser_member_lookup(pid);
	put_pid(pid);
	return c;
}

/* Find the container of a request. Returns it with a reference, or an ERR_PTR(). */
static struct purser_container *find_container(struct nlattr **attrs,
					       struct netlink_ext_ack *extack)
{
	struct nlattr *id = attrs[PURSER_A_CONTAINER_ID];
	struct nlattr *name = attrs[PURSER_A_CONTAINER_NAME];
	struct nlattr *pid = attrs[PURSER_A_CONTAINER_PID];
	struct purser_container *c;

	if (!!id + !!name + !!pid != 1) {
		NL_SET_ERR_MSG(extack,
			       "exactly one of id, name and pid is needed");
		return ERR_PTR(-EINVAL);
	}
	if (id)
		c = purser_table_by_id(nla_get_u64(id));
	else if (name)
		c = purser_table_by_name(nla_data(name));
	else
		c = find_by_pid(pid);
	if (c)
		return c;
	NL_SET_ERR_MSG_ATTR(extack, id ?: name ?: pid, "no such container");
	return ERR_PTR(-ENOENT);
}

/* Make an error reply, whose message is set already, point at an attribute. */
static void set_bad_attr(struct genl_info *info, int attr)
{
	if (attr && info->attrs[attr])
		NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
}

/* The attribute by which the request names its container. */
static int reference_attr(struct genl_info *info)
{
	if (info->attrs[PURSER_A_CONTAINER_ID])
		return PURSER_A_CONTAINER_ID;
	return info->attrs[PURSER_A_CONTAINER_NAME] ? PURSER_A_CONTAINER_NAME :
						      PURSER_A_CONTAINER_PID;
}

/* Check the caller and find the container of a request, as find_container() does. */
static struct purser_container *begin(struct genl_info *info)
{
	int err = purser_reply_check_caller(info->extack);

	return err ? ERR_PTR(err) : find_container(info->attrs, info->extack);
}

/* Allocate a reply and write its header; the caller passes @header to genlmsg_end(). */
static struct sk_buff *new_reply(struct genl_info *info, u8 cmd, void **header)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*header = genlmsg_put_reply(skb, info, &purser_family, 0, cmd);
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
 * Check that the process of a pidfd is still alive.
 *
 * The kernel exports no function that finds the process of a pidfd, but poll() on the
 * pidfd shows whether the process is alive. If it is alive, no other process can have got
 * its pid since the sender read that pid. Therefore the process that the caller has found
 * by this pid, before this check, is the process of the pidfd.
 */
static int check_pidfd(const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct file *file = fget(nla_get_u32(attr));
	int err = 0;

	if (!file || !purser_file_is_pidfd(file)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "not a pidfd of the caller");
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

/* The caller must call release_registration() afterwards, also after an error. */
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

int purser_request_register(struct sk_buff *skb, struct genl_info *info)
{
	struct purser_registration reg = {};
	struct sk_buff *reply;
	void *header;
	u64 id;
	int err;

	err = purser_reply_check_caller(info->extack);
	if (err)
		return err;
	err = read_registration(info, &reg);
	if (err)
		goto out;
	/* Allocate the reply first, so that no error follows a registration. */
	err = -ENOMEM;
	reply = new_reply(info, PURSER_CMD_REGISTER, &header);
	if (!reply)
		goto out;
	err = purser_register(&reg, &id, info->extack);
	if (err) {
		set_bad_attr(info, reg.at_fault);
		nlmsg_free(reply);
		goto out;
	}
	/* Cannot fail: the message is empty and has room for about a page. */
	WARN_ON_ONCE(nla_put_u64_64bit(reply, PURSER_A_CONTAINER_ID, id,
				       PURSER_A_CONTAINER_PAD));
	genlmsg_end(reply, header);
	err = genlmsg_reply(reply, info);
out:
	release_registration(&reg);
	return err;
}

int purser_request_unregister(struct sk_buff *skb, struct genl_info *info)
{
	struct purser_container *c = begin(info);
	int err;

	if (IS_ERR(c))
		return PTR_ERR(c);
	err = purser_unregister(c, info->extack);
	if (err)
		set_bad_attr(info, reference_attr(info));
	purser_container_put(c);
	return err;
}

int purser_request_get(struct sk_buff *skb, struct genl_info *info)
{
	struct purser_container *c = begin(info);
	struct sk_buff *reply;
	void *header;
	int err;

	if (IS_ERR(c))
		return PTR_ERR(c);
	err = -EINVAL;
	if (info->attrs[PURSER_A_CONTAINER_STATE]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[PURSER_A_CONTAINER_STATE],
				    "state is for dumps only");
		goto out;
	}
	err = -ENOMEM;
	reply = new_reply(info, PURSER_CMD_GET, &header);
	if (!reply)
		goto out;
	err = purser_reply_put_container(reply, c,
					 netlink_capable(skb, CAP_NET_ADMIN));
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

static int set_limits(struct purser_container *c, struct genl_info *info)
{
	struct nlattr *soft = info->attrs[PURSER_A_CONTAINER_SOFT_LIMIT];
	struct nlattr *hard = info->attrs[PURSER_A_CONTAINER_HARD_LIMIT];
	u64 soft_limit, hard_limit;
	int err;

	if (!soft && !hard)
		return 0;
	soft_limit = soft ? nla_get_u64(soft) : 0;
	hard_limit = hard ? nla_get_u64(hard) : 0;
	err = purser_set_limits(c, soft ? &soft_limit : NULL,
				hard ? &hard_limit : NULL, info->extack);
	if (err == -EINVAL)
		set_bad_attr(info, hard ? PURSER_A_CONTAINER_HARD_LIMIT :
					  PURSER_A_CONTAINER_SOFT_LIMIT);
	else if (err)
		set_bad_attr(info, reference_attr(info));
	return err;
}

static int release_fifos(struct purser_container *c, struct genl_info *info)
{
	int err;

	if (!info->attrs[PURSER_A_CONTAINER_RELEASE_FIFOS])
		return 0;
	err = purser_release_fifos(c, info->extack);
	if (err)
		set_bad_attr(info, reference_attr(info));
	return err;
}

int purser_request_set(struct sk_buff *skb, struct genl_info *info)
{
	struct purser_container *c = begin(info);
	int err = -EINVAL;

	if (IS_ERR(c))
		return PTR_ERR(c);
	if (info->attrs[PURSER_A_CONTAINER_SOFT_LIMIT] ||
	    info->attrs[PURSER_A_CONTAINER_HARD_LIMIT] ||
	    info->attrs[PURSER_A_CONTAINER_RELEASE_FIFOS])
		/* Only set_limits() can refuse; it comes first, so all is done or nothing. */
		err = set_limits(c, info) ?: release_fifos(c, info);
	else
		NL_SET_ERR_MSG(info->extack,
			       "a limit or release-fifos is needed");
	purser_container_put(c);
	return err;
}

static int stop(struct purser_container *c, struct genl_info *info)
{
	struct nlattr *stop_signal =
		info->attrs[PURSER_A_CONTAINER_STOP_SIGNAL];
	struct nlattr *grace = info->attrs[PURSER_A_CONTAINER_GRACE_MS];
	struct nlattr *no_force = info->attrs[PURSER_A_CONTAINER_NO_FORCE];
	int signal = stop_signal ? nla_get_u32(stop_signal) : SIGTERM;

	if (no_force)
		return purser_stop_gently(c, signal, info->extack);
	return purser_stop(c, signal,
			   grace ? nla_get_u32(grace) : DEFAULT_GRACE_MS,
			   info->extack);
}

int purser_request_stop(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *no_force = info->attrs[PURSER_A_CONTAINER_NO_FORCE];
	struct purser_container *c;
	int err;

	if (no_force && info->attrs[PURSER_A_CONTAINER_GRACE_MS]) {
		NL_SET_ERR_MSG_ATTR(info->extack, no_force,
				    "no-force takes no grace-ms");
		return -EINVAL;
	}
	c = begin(info);
	if (IS_ERR(c))
		return PTR_ERR(c);
	err = stop(c, info);
	if (err)
		set_bad_attr(info, reference_attr(info));
	purser_container_put(c);
	return err;
}

int purser_request_info(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	err = purser_reply_check_caller(info->extack);
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
