// SPDX-License-Identifier: GPL-2.0
/*
 * Writing records, events and counters as netlink attributes.
 */
#include <linux/utsname.h>
#include <net/netlink.h>

#include "member.h"
#include "probe.h"
#include "record.h"
#include "table.h"

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, PURSER_A_CONTAINER_PAD);
}

/* Write a process as the nested attribute @attr. */
static int put_process(struct sk_buff *skb, int attr,
		       const struct purser_killer *killer)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, PURSER_A_KILLER_PID, killer->pid) ||
	    nla_put_u32(skb, PURSER_A_KILLER_UID, killer->uid) ||
	    nla_put_string(skb, PURSER_A_KILLER_COMM, killer->comm)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Write how the container ended. Attributes that do not apply are left out. */
static int put_end(struct sk_buff *skb, const struct purser_record *r)
{
	if ((r->exit_code >= 0 &&
	     nla_put_u32(skb, PURSER_A_CONTAINER_EXIT_CODE, r->exit_code)) ||
	    (r->signal &&
	     nla_put_u32(skb, PURSER_A_CONTAINER_SIGNAL, r->signal)) ||
	    (r->has_killer &&
	     put_process(skb, PURSER_A_CONTAINER_KILLER, &r->killer)) ||
	    (r->oom_scope &&
	     nla_put_u32(skb, PURSER_A_CONTAINER_OOM_SCOPE, r->oom_scope)) ||
	    (r->forced && nla_put_flag(skb, PURSER_A_CONTAINER_FORCED)) ||
	    (r->no_handler && nla_put_flag(skb, PURSER_A_CONTAINER_NO_HANDLER)))
		return -EMSGSIZE;
	return 0;
}

static int put_times(struct sk_buff *skb, const struct purser_record *r)
{
	if (put_u64(skb, PURSER_A_CONTAINER_CPU_TIME, r->cpu_time) ||
	    put_u64(skb, PURSER_A_CONTAINER_REGISTERED_AT, r->registered_at) ||
	    (r->started_at &&
	     put_u64(skb, PURSER_A_CONTAINER_STARTED_AT, r->started_at)) ||
	    (r->exited_at &&
	     put_u64(skb, PURSER_A_CONTAINER_EXITED_AT, r->exited_at)))
		return -EMSGSIZE;
	return 0;
}

static int put_memory(struct sk_buff *skb, const struct purser_record *r)
{
	if (put_u64(skb, PURSER_A_CONTAINER_SOFT_LIMIT, r->soft_limit) ||
	    put_u64(skb, PURSER_A_CONTAINER_HARD_LIMIT, r->hard_limit) ||
	    put_u64(skb, PURSER_A_CONTAINER_RSS, r->rss) ||
	    put_u64(skb, PURSER_A_CONTAINER_USAGE, r->usage) ||
	    put_u64(skb, PURSER_A_CONTAINER_PEAK, r->peak) ||
	    put_u64(skb, PURSER_A_CONTAINER_SOFT_CROSSINGS,
		    r->soft_crossings) ||
	    put_u64(skb, PURSER_A_CONTAINER_SOFT_HELD, r->soft_held) ||
	    (r->has_crossed_by &&
	     put_process(skb, PURSER_A_CONTAINER_CROSSED_BY, &r->crossed_by)))
		return -EMSGSIZE;
	return 0;
}

/**
 * purser_record_put() - write the attributes of enum purser_attr_container
 * @skb: receives the attributes
 * @r: the record
 *
 * Return: 0 or -EMSGSIZE.
 */
int purser_record_put(struct sk_buff *skb, const struct purser_record *r)
{
	if (put_u64(skb, PURSER_A_CONTAINER_ID, r->id) ||
	    nla_put_string(skb, PURSER_A_CONTAINER_NAME, r->name) ||
	    nla_put_u32(skb, PURSER_A_CONTAINER_PID, r->pid) ||
	    nla_put_u32(skb, PURSER_A_CONTAINER_PIDNS, r->pidns) ||
	    nla_put_u32(skb, PURSER_A_CONTAINER_STATE, r->state) ||
	    nla_put_u32(skb, PURSER_A_CONTAINER_REASON, r->reason) ||
	    nla_put_u32(skb, PURSER_A_CONTAINER_PROCESSES, r->processes) ||
	    nla_put_u32(skb, PURSER_A_CONTAINER_OUTSIDE, r->outside))
		return -EMSGSIZE;
	return put_end(skb, r) ?: put_memory(skb, r) ?: put_times(skb, r);
}

/**
 * purser_record_put_event() - write the attributes of enum purser_attr_event
 * @skb: receives the attributes
 * @event: the event
 *
 * Return: 0 or -EMSGSIZE.
 */
int purser_record_put_event(struct sk_buff *skb,
			    const struct purser_event *event)
{
	struct nlattr *nest;

	if (nla_put_u64_64bit(skb, PURSER_A_EVENT_SEQ, event->seq,
			      PURSER_A_EVENT_PAD) ||
	    nla_put_u64_64bit(skb, PURSER_A_EVENT_TIME, event->time,
			      PURSER_A_EVENT_PAD) ||
	    nla_put_u32(skb, PURSER_A_EVENT_TYPE, event->type))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, PURSER_A_EVENT_CONTAINER);
	if (!nest)
		return -EMSGSIZE;
	if (purser_record_put(skb, &event->record)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Write how many containers have ended for @reason. */
static int put_end_count(struct sk_buff *skb, enum purser_reason reason)
{
	struct nlattr *nest = nla_nest_start(skb, PURSER_A_INFO_END);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, PURSER_A_END_REASON, reason) ||
	    nla_put_u64_64bit(skb, PURSER_A_END_COUNT,
			      purser_container_ends(reason),
			      PURSER_A_END_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * purser_record_put_info() - write the attributes of enum purser_attr_info
 * @skb: receives the attributes
 *
 * Return: 0 or -EMSGSIZE.
 */
int purser_record_put_info(struct sk_buff *skb)
{
	struct purser_event_stats events;
	struct purser_table_stats table;
	const char *name;
	unsigned int i;

	purser_event_stats(&events);
	purser_table_stats(&table);
	if (nla_put_u32(skb, PURSER_A_INFO_LIVE, table.live) ||
	    nla_put_u32(skb, PURSER_A_INFO_ENDED, table.ended) ||
	    nla_put_u32(skb, PURSER_A_INFO_MEMBERS, purser_member_total()) ||
	    nla_put_u64_64bit(skb, PURSER_A_INFO_EVENTS, events.made,
			      PURSER_A_INFO_PAD) ||
	    nla_put_u64_64bit(skb, PURSER_A_INFO_EVENTS_DROPPED, events.dropped,
			      PURSER_A_INFO_PAD) ||
	    nla_put_string(skb, PURSER_A_INFO_KERNEL_VERSION,
			   init_utsname()->release) ||
	    nla_put_string(skb, PURSER_A_INFO_MODULE_VERSION, PURSER_VERSION))
		return -EMSGSIZE;
	for (i = 0; (name = purser_probe_attached(i)); i++)
		if (nla_put_string(skb, PURSER_A_INFO_TRACEPOINT, name))
			return -EMSGSIZE;
	for (i = PURSER_REASON_NONE + 1; i <= PURSER_REASON_MAX; i++)
		if (put_end_count(skb, i))
			return -EMSGSIZE;
	return 0;
}
