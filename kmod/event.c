// SPDX-License-Identifier: GPL-2.0
/*
 * The event log: the last events, numbered without gaps, and their delivery.
 *
 * An event gets its number and its slot under one spinlock, in the caller's context and
 * without an allocation. Therefore adding an event cannot fail. A work item delivers the
 * events one after the other, so neither a probe nor a command ever waits for a listener.
 *
 * The log has two parts that share one sequence of numbers: one for events about the soft
 * limit, one for all other events. A container may cross its soft limit as often as it
 * likes, but it cannot push the other events out of the log.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "event.h"
#include "param.h"
#include "work.h"

static unsigned int event_log = 4096;
PURSER_PARAM_UINT(event_log, 64, 65536, 0444);
MODULE_PARM_DESC(
	event_log,
	"events kept for listeners that missed some (64 to 65536, default 4096), plus a quarter as many about soft limits");

/*
 * struct event_part - a ring buffer of events
 *
 * The N-th event of this part, counted from 1, is in ring[N % size]. The sequence number
 * of events grows with N.
 */
struct event_part {
	struct purser_event *ring;
	unsigned int size;
	u64 made;
};

static void deliver_events(struct work_struct *work);

/* Protects the variables below. Probes take it inside a container's lock. */
static DEFINE_SPINLOCK(log_lock);
static struct event_part lives;
static struct event_part limits;
static u64 last_seq;
static u64 delivered_seq;
static u64 dropped;
static bool delivering;

/* Sends one event. Set once, before the first event. */
static int (*deliver_one)(const struct purser_event *event);

static DECLARE_WORK(deliver_work, deliver_events);

static struct event_part *part_of(enum purser_event_type type)
{
	return type == PURSER_EVENT_SOFT_LIMIT ||
			       type == PURSER_EVENT_SOFT_CLEAR ?
		       &limits :
		       &lives;
}

static struct purser_event *slot(const struct event_part *part, u64 nth)
{
	u32 index;

	div_u64_rem(nth, part->size, &index);
	return &part->ring[index];
}

/**
 * purser_event_add() - number an event, store it and queue its delivery
 * @type: what happened
 * @record: the container as it is now
 *
 * Context: process context, preemption may be off. The caller holds the container's lock,
 * so that the order of numbers is the order of states.
 */
void purser_event_add(enum purser_event_type type,
		      const struct purser_record *record)
{
	struct event_part *part = part_of(type);
	struct purser_event *event;

	spin_lock(&log_lock);
	event = slot(part, ++part->made);
	event->seq = ++last_seq;
	event->time = ktime_get_boottime_ns();
	event->type = type;
	event->record = *record;
	/*
	 * Waking a worker is safe here, because no caller holds a runqueue lock or
	 * siglock.
	 */
	if (delivering)
		queue_work(purser_wq, &deliver_work);
	spin_unlock(&log_lock);
}

/*
 * The oldest stored event of @part with a number > @after, or NULL. The function uses a
 * binary search, because numbers grow along the ring. Caller holds log_lock.
 */
static const struct purser_event *first_after(const struct event_part *part,
					      u64 after)
{
	u64 low = part->made > part->size ? part->made - part->size + 1 : 1;
	u64 high = part->made + 1;
	u64 middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (slot(part, middle)->seq > after)
			high = middle;
		else
			low = middle + 1;
	}
	return low <= part->made ? slot(part, low) : NULL;
}

/**
 * purser_event_next() - copy the oldest stored event with a number > @after
 * @after: the number
 * @out: receives the copy
 *
 * Context: process context.
 * Return: false if there is none.
 */
bool purser_event_next(u64 after, struct purser_event *out)
{
	const struct purser_event *life, *limit, *next = NULL;

	spin_lock(&log_lock);
	if (after < last_seq) {
		life = first_after(&lives, after);
		limit = first_after(&limits, after);
		next = life && (!limit || life->seq < limit->seq) ? life :
								    limit;
		if (next)
			*out = *next;
	}
	spin_unlock(&log_lock);
	return next;
}

void purser_event_stats(struct purser_event_stats *out)
{
	spin_lock(&log_lock);
	out->made = last_seq;
	out->dropped = dropped;
	spin_unlock(&log_lock);
}

/*
 * Deliver the events that were not delivered yet. Workqueue context; it never runs twice
 * at a time. Only this function writes delivered_seq.
 */
static void deliver_events(struct work_struct *work)
{
	struct purser_event event;
	u64 after = delivered_seq;

	while (purser_event_next(after, &event)) {
		bool sent = deliver_one(&event) == 0;

		spin_lock(&log_lock);
		dropped += event.seq - after - 1 + !sent;
		delivered_seq = event.seq;
		spin_unlock(&log_lock);
		after = event.seq;
		cond_resched();
	}
}

static int __init make_part(struct event_part *part, unsigned int size)
{
	part->ring = kvcalloc(size, sizeof(*part->ring), GFP_KERNEL);
	part->size = size;
	return part->ring ? 0 : -ENOMEM;
}

/**
 * purser_event_init() - allocate the log and start delivery
 * @deliver: is called with a copy of each event, in process context, in the order of the
 *	numbers; it returns 0, or a negative errno if the event was lost
 */
int __init purser_event_init(int (*deliver)(const struct purser_event *event))
{
	int err;

	err = make_part(&lives, event_log);
	if (err)
		return err;
	err = make_part(&limits, event_log / 4);
	if (err) {
		kvfree(lives.ring);
		return err;
	}
	deliver_one = deliver;
	delivering = true;
	return 0;
}

/**
 * purser_event_stop() - deliver the stored events, then stop delivery
 *
 * The caller must call this before it unregisters the family. Later events are still
 * numbered and stored.
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
	kvfree(limits.ring);
	kvfree(lives.ring);
}
