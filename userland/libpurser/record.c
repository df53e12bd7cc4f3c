// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "record.h"

#define U32  .type = NLA_U32, .maxlen = sizeof(uint32_t)
#define U64  .type = NLA_U64, .maxlen = sizeof(uint64_t)
#define FLAG .type = NLA_FLAG
#define TEXT .type = NLA_STRING

/* Not const, because the prototypes of older libnl releases are not. */
static struct nla_policy container_policy[PURSER_A_CONTAINER_MAX + 1] = {
	[PURSER_A_CONTAINER_ID]			= { U64 },
	[PURSER_A_CONTAINER_NAME]		= {
		.type = NLA_STRING, .minlen = 2, .maxlen = PURSER_NAME_MAX + 1,
	},
	[PURSER_A_CONTAINER_PID]		= { U32 },
	[PURSER_A_CONTAINER_PIDNS]		= { U32 },
	[PURSER_A_CONTAINER_STATE]		= { U32 },
	[PURSER_A_CONTAINER_REASON]		= { U32 },
	[PURSER_A_CONTAINER_EXIT_CODE]		= { U32 },
	[PURSER_A_CONTAINER_SIGNAL]		= { U32 },
	[PURSER_A_CONTAINER_FORCED]		= { FLAG },
	[PURSER_A_CONTAINER_NO_HANDLER]		= { FLAG },
	[PURSER_A_CONTAINER_SOFT_LIMIT]		= { U64 },
	[PURSER_A_CONTAINER_HARD_LIMIT]		= { U64 },
	[PURSER_A_CONTAINER_RSS]		= { U64 },
	[PURSER_A_CONTAINER_USAGE]		= { U64 },
	[PURSER_A_CONTAINER_PEAK]		= { U64 },
	[PURSER_A_CONTAINER_PROCESSES]		= { U32 },
	[PURSER_A_CONTAINER_CPU_TIME]		= { U64 },
	[PURSER_A_CONTAINER_REGISTERED_AT]	= { U64 },
	[PURSER_A_CONTAINER_STARTED_AT]		= { U64 },
	[PURSER_A_CONTAINER_EXITED_AT]		= { U64 },
	[PURSER_A_CONTAINER_SOFT_CROSSINGS]	= { U64 },
	[PURSER_A_CONTAINER_COOKIE]		= {
		.type = NLA_BINARY, .maxlen = PURSER_COOKIE_MAX,
	},
	[PURSER_A_CONTAINER_KILLER]		= { .type = NLA_NESTED },
	[PURSER_A_CONTAINER_CROSSED_BY]		= { .type = NLA_NESTED },
	[PURSER_A_CONTAINER_OOM_SCOPE]		= { U32 },
	[PURSER_A_CONTAINER_OUTSIDE]		= { U32 },
	[PURSER_A_CONTAINER_SOFT_HELD]		= { U64 },
};

static struct nla_policy killer_policy[PURSER_A_KILLER_MAX + 1] = {
	[PURSER_A_KILLER_PID] = { U32 },
	[PURSER_A_KILLER_UID] = { U32 },
	[PURSER_A_KILLER_COMM] = {
		.type = NLA_STRING, .minlen = 1, .maxlen = PURSER_COMM_MAX + 1,
	},
};

static struct nla_policy event_policy[PURSER_A_EVENT_MAX + 1] = {
	[PURSER_A_EVENT_SEQ] = { U64 },
	[PURSER_A_EVENT_TIME] = { U64 },
	[PURSER_A_EVENT_TYPE] = { U32 },
	[PURSER_A_EVENT_CONTAINER] = { .type = NLA_NESTED },
};

static struct nla_policy info_policy[PURSER_A_INFO_MAX + 1] = {
	[PURSER_A_INFO_LIVE] = { U32 },
	[PURSER_A_INFO_ENDED] = { U32 },
	[PURSER_A_INFO_MEMBERS] = { U32 },
	[PURSER_A_INFO_EVENTS] = { U64 },
	[PURSER_A_INFO_EVENTS_DROPPED] = { U64 },
	[PURSER_A_INFO_KERNEL_VERSION] = { TEXT },
	[PURSER_A_INFO_MODULE_VERSION] = { TEXT },
	[PURSER_A_INFO_TRACEPOINT] = { TEXT },
	[PURSER_A_INFO_END] = { .type = NLA_NESTED },
};

static struct nla_policy end_policy[PURSER_A_END_MAX + 1] = {
	[PURSER_A_END_REASON] = { U32 },
	[PURSER_A_END_COUNT] = { U64 },
};

/* struct span - a run of attributes */
struct span {
	struct nlattr *head;
	int len;
};

/* nla_parse() ignores an attribute that is cut short, and all that follow. Refuse it. */
static int parse_span(const struct span *s, struct nlattr **tb, int max,
		      struct nla_policy *policy)
{
	struct nlattr *a;
	int rem;

	nla_for_each_attr(a, s->head, s->len, rem)
		;
	if (rem > 0 || nla_parse(tb, max, s->head, s->len, policy) < 0)
		return -EBADMSG;
	return 0;
}

static int message_span(struct nlmsghdr *h, struct span *s)
{
	if (!genlmsg_valid_hdr(h, 0))
		return -EBADMSG;
	s->head = genlmsg_attrdata(genlmsg_hdr(h), 0);
	s->len = genlmsg_attrlen(genlmsg_hdr(h), 0);
	return 0;
}

static struct span nested_span(struct nlattr *a)
{
	return (struct span){ .head = nla_data(a), .len = nla_len(a) };
}

static uint32_t get_u32(struct nlattr *a)
{
	uint32_t v = 0;

	if (a)
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

/* In a message, 64-bit attributes are aligned to four bytes only. */
static uint64_t get_u64(struct nlattr *a)
{
	uint64_t v = 0;

	if (a)
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

/* Read an unsigned number into an int; -EBADMSG: it is above @max. */
static int get_int(struct nlattr *a, int absent, int max, int *out)
{
	uint32_t v = get_u32(a);

	*out = a ? (int)v : absent;
	return a && v > (uint32_t)max ? -EBADMSG : 0;
}

static int decode_killer(struct nlattr *nest, struct purser_killer *k)
{
	struct nlattr *tb[PURSER_A_KILLER_MAX + 1];
	struct span s = nested_span(nest);
	int err = parse_span(&s, tb, PURSER_A_KILLER_MAX, killer_policy);

	if (err)
		return err;
	if (!tb[PURSER_A_KILLER_PID] || !tb[PURSER_A_KILLER_UID] ||
	    !tb[PURSER_A_KILLER_COMM] ||
	    get_int(tb[PURSER_A_KILLER_PID], 0, INT_MAX, &k->pid))
		return -EBADMSG;
	k->uid = get_u32(tb[PURSER_A_KILLER_UID]);
	nla_strlcpy(k->comm, tb[PURSER_A_KILLER_COMM], sizeof(k->comm));
	return 0;
}

static int decode_container(const struct span *s, struct purser_container *c)
{
	struct nlattr *tb[PURSER_A_CONTAINER_MAX + 1];
	int err = parse_span(s, tb, PURSER_A_CONTAINER_MAX, container_policy);

	if (err)
		return err;
	if (!tb[PURSER_A_CONTAINER_ID] || !tb[PURSER_A_CONTAINER_NAME] ||
	    !tb[PURSER_A_CONTAINER_PID] || !tb[PURSER_A_CONTAINER_STATE])
		return -EBADMSG;
	memset(c, 0, sizeof(*c));
	if (get_int(tb[PURSER_A_CONTAINER_PID], 0, INT_MAX, &c->pid) ||
	    get_int(tb[PURSER_A_CONTAINER_EXIT_CODE], -1, 255, &c->exit_code) ||
	    get_int(tb[PURSER_A_CONTAINER_SIGNAL], 0, INT_MAX, &c->signal))
		return -EBADMSG;
	c->id = get_u64(tb[PURSER_A_CONTAINER_ID]);
	nla_strlcpy(c->name, tb[PURSER_A_CONTAINER_NAME], sizeof(c->name));
	c->pidns = get_u32(tb[PURSER_A_CONTAINER_PIDNS]);
	c->state = get_u32(tb[PURSER_A_CONTAINER_STATE]);
	c->reason = get_u32(tb[PURSER_A_CONTAINER_REASON]);
	c->forced = tb[PURSER_A_CONTAINER_FORCED];
	c->no_handler = tb[PURSER_A_CONTAINER_NO_HANDLER];
	c->soft_limit = get_u64(tb[PURSER_A_CONTAINER_SOFT_LIMIT]);
	c->hard_limit = get_u64(tb[PURSER_A_CONTAINER_HARD_LIMIT]);
	c->rss = get_u64(tb[PURSER_A_CONTAINER_RSS]);
	c->usage = get_u64(tb[PURSER_A_CONTAINER_USAGE]);
	c->peak = get_u64(tb[PURSER_A_CONTAINER_PEAK]);
	c->processes = get_u32(tb[PURSER_A_CONTAINER_PROCESSES]);
	c->outside = get_u32(tb[PURSER_A_CONTAINER_OUTSIDE]);
	c->cpu_time = get_u64(tb[PURSER_A_CONTAINER_CPU_TIME]);
	c->registered_at = get_u64(tb[PURSER_A_CONTAINER_REGISTERED_AT]);
	c->started_at = get_u64(tb[PURSER_A_CONTAINER_STARTED_AT]);
	c->exited_at = get_u64(tb[PURSER_A_CONTAINER_EXITED_AT]);
	c->soft_crossings = get_u64(tb[PURSER_A_CONTAINER_SOFT_CROSSINGS]);
	c->soft_held = get_u64(tb[PURSER_A_CONTAINER_SOFT_HELD]);
	c->oom_scope = get_u32(tb[PURSER_A_CONTAINER_OOM_SCOPE]);
	c->has_killer = tb[PURSER_A_CONTAINER_KILLER];
	if (c->has_killer &&
	    decode_killer(tb[PURSER_A_CONTAINER_KILLER], &c->killer))
		return -EBADMSG;
	c->has_crossed_by = tb[PURSER_A_CONTAINER_CROSSED_BY];
	if (c->has_crossed_by &&
	    decode_killer(tb[PURSER_A_CONTAINER_CROSSED_BY], &c->crossed_by))
		return -EBADMSG;
	if (tb[PURSER_A_CONTAINER_COOKIE])
		c->cookie_len = nla_memcpy(c->cookie,
					   tb[PURSER_A_CONTAINER_COOKIE],
					   sizeof(c->cookie));
	return 0;
}

int record_decode_container(struct nlmsghdr *h, void *out)
{
	struct purser_container c;
	struct span s;
	int err = message_span(h, &s);

	if (!err)
		err = decode_container(&s, &c);
	if (!err)
		*(struct purser_container *)out = c;
	return err;
}

int record_decode_event(struct nlmsghdr *h, void *out)
{
	struct nlattr *tb[PURSER_A_EVENT_MAX + 1];
	struct purser_event e;
	struct span s;
	int err = message_span(h, &s);

	if (!err)
		err = parse_span(&s, tb, PURSER_A_EVENT_MAX, event_policy);
	if (err)
		return err;
	if (!tb[PURSER_A_EVENT_SEQ] || !tb[PURSER_A_EVENT_TYPE] ||
	    !tb[PURSER_A_EVENT_CONTAINER])
		return -EBADMSG;
	s = nested_span(tb[PURSER_A_EVENT_CONTAINER]);
	err = decode_container(&s, &e.container);
	if (err)
		return err;
	e.seq = get_u64(tb[PURSER_A_EVENT_SEQ]);
	e.time = get_u64(tb[PURSER_A_EVENT_TIME]);
	e.type = get_u32(tb[PURSER_A_EVENT_TYPE]);
	*(struct purser_event *)out = e;
	return 0;
}

int record_decode_id(struct nlmsghdr *h, void *out)
{
	struct nlattr *tb[PURSER_A_CONTAINER_MAX + 1];
	struct span s;
	int err = message_span(h, &s);

	if (!err)
		err = parse_span(&s, tb, PURSER_A_CONTAINER_MAX,
				 container_policy);
	if (err)
		return err;
	if (!tb[PURSER_A_CONTAINER_ID])
		return -EBADMSG;
	*(uint64_t *)out = get_u64(tb[PURSER_A_CONTAINER_ID]);
	return 0;
}

/* Each tracepoint has an attribute of its own; nla_parse() keeps only the last one. */
static int collect_tracepoints(const struct span *s, struct purser_info *info)
{
	struct nlattr *a;
	size_t n = 0;
	int rem;

	nla_for_each_attr(a, s->head, s->len, rem)
		n += nla_type(a) == PURSER_A_INFO_TRACEPOINT;
	info->tracepoints = calloc(n + 1, sizeof(*info->tracepoints));
	if (!info->tracepoints)
		return -ENOMEM;
	n = 0;
	nla_for_each_attr(a, s->head, s->len, rem) {
		if (nla_type(a) != PURSER_A_INFO_TRACEPOINT)
			continue;
		info->tracepoints[n] = nla_strdup(a);
		if (!info->tracepoints[n++])
			return -ENOMEM;
	}
	return 0;
}

/* Each reason has an attribute. Those that this library does not know count as NONE. */
static int collect_ends(const struct span *s, struct purser_info *info)
{
	struct nlattr *a, *tb[PURSER_A_END_MAX + 1];
	uint32_t reason;
	int rem;

	nla_for_each_attr(a, s->head, s->len, rem) {
		struct span end = nested_span(a);

		if (nla_type(a) != PURSER_A_INFO_END)
			continue;
		if (parse_span(&end, tb, PURSER_A_END_MAX, end_policy) ||
		    !tb[PURSER_A_END_REASON] || !tb[PURSER_A_END_COUNT])
			return -EBADMSG;
		reason = get_u32(tb[PURSER_A_END_REASON]);
		if (reason > PURSER_REASON_MAX)
			reason = PURSER_REASON_NONE;
		info->ends[reason] += get_u64(tb[PURSER_A_END_COUNT]);
		info->has_ends = true;
	}
	return 0;
}

static char *copy_text(struct nlattr *a)
{
	return a ? nla_strdup(a) : strdup("unknown");
}

int record_decode_info(struct nlmsghdr *h, void *out)
{
	struct nlattr *tb[PURSER_A_INFO_MAX + 1];
	struct purser_info info = { 0 };
	struct span s;
	int err = message_span(h, &s);

	if (!err)
		err = parse_span(&s, tb, PURSER_A_INFO_MAX, info_policy);
	if (err)
		return err;
	if (!tb[PURSER_A_INFO_LIVE] || !tb[PURSER_A_INFO_EVENTS])
		return -EBADMSG;
	info.live = get_u32(tb[PURSER_A_INFO_LIVE]);
	info.ended = get_u32(tb[PURSER_A_INFO_ENDED]);
	info.members = get_u32(tb[PURSER_A_INFO_MEMBERS]);
	info.events = get_u64(tb[PURSER_A_INFO_EVENTS]);
	info.events_dropped = get_u64(tb[PURSER_A_INFO_EVENTS_DROPPED]);
	info.kernel_version = copy_text(tb[PURSER_A_INFO_KERNEL_VERSION]);
	info.module_version = copy_text(tb[PURSER_A_INFO_MODULE_VERSION]);
	err = collect_tracepoints(&s, &info);
	if (!err)
		err = collect_ends(&s, &info);
	if (!err && (!info.kernel_version || !info.module_version))
		err = -ENOMEM;
	if (err) {
		purser_info_free(&info);
		return err;
	}
	*(struct purser_info *)out = info;
	return 0;
}

void purser_info_free(struct purser_info *info)
{
	for (char **t = info->tracepoints; t && *t; t++)
		free(*t);
	free(info->tracepoints);
	free(info->kernel_version);
	free(info->module_version);
	memset(info, 0, sizeof(*info));
}
