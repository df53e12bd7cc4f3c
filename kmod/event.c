// SPDX-License-Identifier: GPL-2.0
/*
 * The event log: a ring of the last events, numbered without gaps, and their
 * delivery to the multicast group.
 *
 * An event gets its number and its slot under one spinlock, in the caller's
 * context, without allocating: making an event cannot fail. Delivery runs in a
 * work item of its own, one event after the other, so that neither a probe nor
 * a command ever waits for a listener.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "event.h"
#include "main.h"
#include "netlink.h"
#include "param.h"

static unsigned int event_log = 4096;
PURSER_PARAM_UINT(event_log, 64, 65536, 0444);
MODULE_PARM_DESC(
	event_log,
	"events kept for listeners that missed some (64 to 65536, default 4096)");

static void deliver(struct work_struct *work);

/* Protects everything below. Taken in probes, inside a container's lock. */
static DEFINE_SPINLOCK(log_lock);
static struct purser_event *ring;
static u64 last_seq;
static u64 delivered_seq;
static u64 dropped;
static bool delivering;

static DECLARE_WORK(deliver_work, deliver);

/* Caller holds log_lock. */
static u64 oldest_seq(void)
{
	return last_seq > event_log ? last_seq - event_log + 1 : 1;
}

/**
 * purser_event_add() - number and keep an event, have it delivered
 * @type: what happened
 * @record: the container as it is now
 *
 * Context: process context, preemption may be off; runs inside the lock of the
 * container, so that the order of numbers is the order of states.
 */
void purser_event_add(enum purser_event_type type,
		      const struct purser_record *record)
{
	struct purser_event *event;

	spin_lock(&log_lock);
	event = &ring[++last_seq % event_log];
	event->seq = last_seq;
	event->time = ktime_get_boottime_ns();
	event->type = type;
	event->record = *record;
	/*
	 * No context that adds events holds a runqueue lock or siglock: waking
	 * a worker from here is safe.
	 */
	if (delivering)
		queue_work(purser_wq, &deliver_work);
	spin_unlock(&log_lock);
}

/**
 * purser_event_next() - copy the oldest kept event with a number > @after
 * @after: the number
 * @out: where the copy goes
 *
 * Context: process context.
 * Return: false where there is none.
 */
bool purser_event_next(u64 after, struct purser_event *out)
{
	bool found = false;
	u64 seq;

	spin_lock(&log_lock);
	if (after < last_seq) {
		seq = max(after + 1, oldest_seq());
		*out = ring[seq % event_log];
		found = true;
	}
	spin_unlock(&log_lock);
	return found;
}

void purser_event_stats(struct purser_event_stats *out)
{
	spin_lock(&log_lock);
	out->made = last_seq;
	out->dropped = dropped;
	spin_unlock(&log_lock);
}

/*
 * Workqueue context, never twice at a time: delivered_seq is written here
 * alone, under log_lock for the sake of readers.
 */
static void deliver(struct work_struct *work)
{
	struct purser_event event;
	u64 after = delivered_seq;

	while (purser_event_next(after, &event)) {
		bool sent = purser_netlink_multicast(&event) == 0;

		spin_lock(&log_lock);
		dropped += event.seq - after - 1 + !sent;
		delivered_seq = event.seq;
		spin_unlock(&log_lock);
		after = event.seq;
		cond_resched();
	}
}

int __init purser_event_init(void)
{
	ring = kvcalloc(event_log, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	delivering = true;
	return 0;
}

/**
 * purser_event_stop() - deliver what there is, then no more
 * Comes before the family goes; events are still numbered and kept after it.
 */
void purser_event_stop(void)
{
	spin_lock(&log_lock);
	delivering = false;
	spin_unlock(&log_lock);
	flush_work(&deliver_work);
}

void purser_event_free(void)
{
	kvfree(ring);
}
