// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "extack.h"

/*
 * Returns the offset of the attributes in the payload. An error message contains the
 * request that it answers, unless NETLINK_CAP_ACK is set. NLMSG_DONE does not.
 */
static size_t attributes_at(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e;
	size_t at = sizeof(int);

	if (h->nlmsg_type == NLMSG_ERROR) {
		e = nlmsg_data(h);
		at = sizeof(*e);
		if (!(h->nlmsg_flags & NLM_F_CAPPED) &&
		    e->msg.nlmsg_len > sizeof(e->msg))
			at += e->msg.nlmsg_len - sizeof(e->msg);
	}
	return NLMSG_ALIGN(at);
}

static int payload_len(const struct nlmsghdr *h)
{
	return h->nlmsg_len < NLMSG_HDRLEN ? 0 : h->nlmsg_len - NLMSG_HDRLEN;
}

const char *extack_message(const struct nlmsghdr *h)
{
	struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
	};
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	size_t len = payload_len(h), at;
	struct nlattr *head;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (h->nlmsg_type == NLMSG_ERROR && len < sizeof(struct nlmsgerr))
		return NULL;
	at = attributes_at(h);
	if (at >= len)
		return NULL;
	head = (struct nlattr *)((char *)nlmsg_data(h) + at);
	if (nla_parse(tb, NLMSGERR_ATTR_MAX, head, len - at, policy) < 0)
		return NULL;
	if (!tb[NLMSGERR_ATTR_MSG])
		return NULL;
	return nla_get_string(tb[NLMSGERR_ATTR_MSG]);
}

int extack_error(const struct nlmsghdr *h)
{
	int err;

	/* Both kinds of message start with the errno; NLMSG_DONE of old kernels does not. */
	if (payload_len(h) < (int)sizeof(err))
		return 0;
	err = *(const int *)nlmsg_data(h);
	return err < 0 ? err : 0;
}

bool extack_is_unknown(int err, const char *message)
{
	/* The texts of the kernel's lib/nlattr.c. A command that is unknown has none. */
	return err == -EOPNOTSUPP ||
	       (err == -EINVAL && message &&
		(!strcmp(message, "Unknown attribute type") ||
		 !strcmp(message, "Unsupported attribute")));
}
