// SPDX-License-Identifier: GPL-2.0
/*
 * Tries over netlink: to change routes, links and rules, to query tables, and to join
 * groups.
 */
#include <arpa/inet.h>
#include <linux/audit.h>
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "try.h"

struct request {
	struct nlmsghdr h;
	unsigned char payload[256];
};

static void add(struct request *r, const void *bytes, size_t len)
{
	memcpy((char *)r + NLMSG_ALIGN(r->h.nlmsg_len), bytes, len);
	r->h.nlmsg_len = (uint32_t)(NLMSG_ALIGN(r->h.nlmsg_len) + len);
}

static void add_attribute(struct request *r, unsigned short type,
			  const void *value, size_t len)
{
	struct nlattr a = {
		.nla_len = (unsigned short)(NLA_HDRLEN + len),
		.nla_type = type,
	};

	add(r, &a, sizeof(a));
	memcpy((char *)r + r->h.nlmsg_len, value, len);
	r->h.nlmsg_len += (uint32_t)len;
}

static void begin(struct request *r, unsigned short type, unsigned short flags)
{
	memset(r, 0, sizeof(*r));
	r->h.nlmsg_len = NLMSG_HDRLEN;
	r->h.nlmsg_type = type;
	r->h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
}

/* Send a request; returns the kernel's error, or 0 for any other answer. */
static int ask(int protocol, const struct request *r)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[1024];
	} answer = { 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	int got = 0;

	if (fd < 0 || send(fd, r, r->h.nlmsg_len, 0) < 0)
		got = -errno;
	else if (recv(fd, &answer, sizeof(answer), 0) < 0)
		got = -errno;
	else if (answer.h.nlmsg_type == NLMSG_ERROR)
		got = answer.e.error;
	if (fd >= 0)
		close(fd);
	return got;
}

/* Make the request's object and remove it again. */
static int make_and_remove(struct request *r, unsigned short remove)
{
	int got;

	r->h.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	got = ask(NETLINK_ROUTE, r);
	if (got)
		return got;
	r->h.nlmsg_type = remove;
	r->h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	return ask(NETLINK_ROUTE, r) ? -EBUSY : 0;
}

static int route(const struct attempt *t)
{
	const struct rtmsg m = {
		.rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_BLACKHOLE,
	};
	uint32_t to = htonl(0x0a000001);
	struct request r;

	(void)t;
	begin(&r, RTM_NEWROUTE, 0);
	add(&r, &m, sizeof(m));
	add_attribute(&r, RTA_DST, &to, sizeof(to));
	return make_and_remove(&r, RTM_DELROUTE);
}

static int address(const struct attempt *t)
{
	const struct ifaddrmsg m = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = 32,
		.ifa_index = if_nametoindex("lo"),
	};
	uint32_t own = htonl(0x0a000001);
	struct request r;

	(void)t;
	begin(&r, RTM_NEWADDR, 0);
	add(&r, &m, sizeof(m));
	add_attribute(&r, IFA_LOCAL, &own, sizeof(own));
	return make_and_remove(&r, RTM_DELADDR);
}

static int rule(const struct attempt *t)
{
	const struct fib_rule_hdr m = {
		.family = AF_INET,
		.action = FR_ACT_TO_TBL,
		.table = 99,
	};
	uint32_t priority = 9999;
	struct request r;

	(void)t;
	begin(&r, RTM_NEWRULE, 0);
	add(&r, &m, sizeof(m));
	add_attribute(&r, FRA_PRIORITY, &priority, sizeof(priority));
	return make_and_remove(&r, RTM_DELRULE);
}

/* Setting the loopback device up does no harm. */
static int link_up(const struct attempt *t)
{
	const struct ifinfomsg m = {
		.ifi_index = (int)if_nametoindex("lo"),
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct request r;

	(void)t;
	begin(&r, RTM_NEWLINK, 0);
	add(&r, &m, sizeof(m));
	return ask(NETLINK_ROUTE, &r);
}

static int forget_link(const struct attempt *t)
{
	const struct ifinfomsg m = { .ifi_index = 9999 };
	struct request r;

	(void)t;
	begin(&r, RTM_DELLINK, 0);
	add(&r, &m, sizeof(m));
	return ask(NETLINK_ROUTE, &r);
}

/* An interface that does not exist. */
static int ask_queue(const struct attempt *t)
{
	const struct tcmsg m = {
		.tcm_ifindex = 9999,
		.tcm_parent = TC_H_ROOT,
	};
	struct request r;

	(void)t;
	begin(&r, RTM_NEWQDISC, NLM_F_CREATE);
	add(&r, &m, sizeof(m));
	return ask(NETLINK_ROUTE, &r);
}

static int packet_filter(const struct attempt *t)
{
	const struct nfgenmsg m = { .nfgen_family = AF_INET };
	struct request r;

	(void)t;
	begin(&r, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN, 0);
	add(&r, &m, sizeof(m));
	return ask(NETLINK_NETFILTER, &r);
}

static int security_policy(const struct attempt *t)
{
	const struct xfrm_userpolicy_id m = { .index = 9999 };
	struct request r;

	(void)t;
	begin(&r, XFRM_MSG_GETPOLICY, 0);
	add(&r, &m, sizeof(m));
	return ask(NETLINK_XFRM, &r);
}

static int audit(const struct attempt *t)
{
	struct request r;

	begin(&r, (unsigned short)t->number, 0);
	add(&r, "x", 2);
	return ask(NETLINK_AUDIT, &r);
}

/* Send udev an event of a device as if the kernel had sent it. */
static int fake_event(const struct attempt *t)
{
	static const char event[] = "add@/tries\0ACTION=add\0DEVPATH=/tries";
	struct sockaddr_nl all = { .nl_family = AF_NETLINK, .nl_groups = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	(void)t;
	return result(sendto(fd, event, sizeof(event), 0,
			     (struct sockaddr *)&all, sizeof(all)));
}

static int hear_all(const struct attempt *t)
{
	int on = 1,
	    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	(void)t;
	return result(setsockopt(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on,
				 sizeof(on)));
}

static int join(const struct attempt *t)
{
	struct sockaddr_nl group = {
		.nl_family = AF_NETLINK,
		.nl_groups = (uint32_t)1,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, (int)t->number);

	return fd < 0 ? -errno :
			result(bind(fd, (struct sockaddr *)&group,
				    sizeof(group)));
}

const struct attempt netlink_tries[] = {
	TRY("adding a route", route, "EPERM", .only = CAPABILITIES),
	TRY("adding an address", address, "EPERM", .only = CAPABILITIES),
	TRY("adding a rule", rule, "EPERM", .lacks = "EOPNOTSUPP",
	    .only = CAPABILITIES),
	TRY("setting an interface up", link_up, "EPERM", .only = CAPABILITIES),
	TRY("removing an interface", forget_link, "EPERM", .off = "ENODEV",
	    .only = CAPABILITIES),
	TRY("adding a queueing discipline", ask_queue, "EPERM", .off = "ENODEV",
	    .lacks = "EOPNOTSUPP", .only = CAPABILITIES),
	TRY("querying the packet filter", packet_filter, "EPERM",
	    .lacks = "EPROTONOSUPPORT|EINVAL", .only = CAPABILITIES),
	TRY("querying a policy of IPsec", security_policy, "EPERM",
	    .off = "ENOENT", .lacks = "EPROTONOSUPPORT", .only = CAPABILITIES),
	TRY("querying the state of the audit log", audit, "EPERM",
	    .lacks = "EPROTONOSUPPORT", .number = AUDIT_GET),
	TRY("writing a line to the audit log", audit, "EPERM",
	    .lacks = "EPROTONOSUPPORT", .number = AUDIT_FIRST_USER_MSG,
	    .only = CAPABILITIES),
	TRY("reading the audit log", join, "EPERM", .lacks = "EPROTONOSUPPORT",
	    .number = NETLINK_AUDIT, .only = CAPABILITIES),
	TRY("sending an event of a device", fake_event, "EPERM",
	    .only = CAPABILITIES),
	TRY("receiving messages of all network namespaces", hear_all, "EPERM",
	    .only = CAPABILITIES),
	{ 0 },
};
