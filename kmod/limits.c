// SPDX-License-Identifier: GPL-2.0
/*
 * The limits of a container, under its lock: their state, events and log lines.
 *
 * A probe notes without a lock that usage crossed a limit (crossing.c). The code that
 * takes the container's lock next "settles" the crossing before it does anything else:
 * it changes the state and logs the event. So events are in the order in which things
 * happened.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "crossing.h"
#include "kill.h"
#include "limits.h"
#include "member.h"
#include "work.h"

/* A container has at most one event about its soft limit in this time, in ns. */
#define SOFT_INTERVAL NSEC_PER_SEC

/**
 * purser_limits_set_check_locked() - set check_at from the limits not reached yet
 * @c: the container; caller holds its lock
 *
 * Limits are not enforced before all members of the container are known (@adopted).
 */
void purser_limits_set_check_locked(struct purser_container *c)
{
	u64 check_at = U64_MAX;

	lockdep_assert_held(&c->lock);
	if (c->soft_limit && !c->limits.soft_reached)
		check_at = (c->soft_limit >> PAGE_SHIFT) +
			   !!offset_in_page(c->soft_limit);
	if (c->hard_limit && !c->limits.hard_reached)
		check_at = min(check_at, (c->hard_limit >> PAGE_SHIFT) + 1);
	if (c->adopted)
		WRITE_ONCE(c->limits.check_at, min_t(u64, check_at, LONG_MAX));
}

/*
 * Call tell_soft() again in @ns. The timer holds a reference of its own. The code that
 * takes the container off the live part of the table sets @removed under the lock and
 * then cancels the timer, so that no timer is left. Caller holds c->lock.
 */
static void tell_later(struct purser_container *c, u64 ns)
{
	if (queue_delayed_work(purser_wq, &c->limits.soft_work,
			       nsecs_to_jiffies(ns) + 1))
		kref_get(&c->ref);
}

/*
 * Log an event if "told" differs from "reached": now, or when the last event is old
 * enough. Caller holds c->lock.
 */
static void tell_soft(struct purser_container *c)
{
	struct purser_limit_state *l = &c->limits;
	u64 now = ktime_get_boottime_ns();

	if (l->soft_told == l->soft_reached)
		return;
	if (l->soft_told_at && now - l->soft_told_at < SOFT_INTERVAL) {
		tell_later(c, SOFT_INTERVAL - (now - l->soft_told_at));
		return;
	}
	l->soft_told = l->soft_reached;
	l->soft_told_at = now;
	if (!l->soft_reached) {
		purser_container_event(c, PURSER_EVENT_SOFT_CLEAR);
		return;
	}
	if (l->soft_pending)
		l->soft_held--;
	l->soft_pending = false;
	set_bit(REPORT_SOFT, &l->bits);
	purser_container_event_at(c, PURSER_EVENT_SOFT_LIMIT, &l->soft);
}

/* Workqueue context. Owns a reference, see tell_later(). */
static void soft_work(struct work_struct *work)
{
	struct purser_container *c = container_of(to_delayed_work(work),
						  struct purser_container,
						  limits.soft_work);

	spin_lock(&c->lock);
	if (c->state != PURSER_STATE_EXITED && !c->removed)
		tell_soft(c);
	spin_unlock(&c->lock);
	purser_limits_report(c);
	purser_container_put(c);
}

/*
 * Re-arm the soft limit if usage is below 7/8 of it.
 *
 * The caller must have measured the container just now. Other figures may be too low for
 * a moment: execve() drops the old address space long before the module knows the new
 * one. A container that is ending frees its memory too, but that is not an event. Caller
 * holds c->lock.
 */
static void settle_clear(struct purser_container *c)
{
	struct purser_figures now;

	clear_bit(WANT_CLEAR, &c->limits.bits);
	if (c->state == PURSER_STATE_EXITED || c->removed ||
	    !c->limits.soft_reached || purser_member_end_is_decided(c))
		return;
	purser_meter_read(&c->meter, &now);
	if (c->soft_limit && !purser_crossing_is_clear(c, now.usage))
		return;
	purser_crossing_rearm_soft(c);
	if (c->soft_limit)
		tell_soft(c);
	else
		c->limits.soft_told = false;
	purser_limits_set_check_locked(c);
}

/*
 * Settle a crossing of the soft limit. If the limit was raised meanwhile and usage was
 * below the new one, the crossing does not count. Caller holds c->lock.
 */
static void settle_soft(struct purser_container *c)
{
	struct purser_limit_state *l = &c->limits;

	if (!c->soft_limit || l->soft.at.usage < c->soft_limit) {
		purser_crossing_rearm_soft(c);
		return;
	}
	WRITE_ONCE(l->soft_reached, true);
	l->soft_crossings++;
	/* Without an event until tell_soft() reports it. */
	l->soft_held++;
	l->soft_pending = true;
	tell_soft(c);
}

/**
 * purser_limits_settle_locked() - settle the crossings that probes have noted
 * @c: the container
 *
 * The caller must call this under the container's lock before it changes @c itself.
 * Context: caller holds c->lock; runs in probes, does not sleep.
 */
void purser_limits_settle_locked(struct purser_container *c)
{
	struct purser_limit_state *l = &c->limits;

	lockdep_assert_held(&c->lock);
	if (c->state == PURSER_STATE_EXITED || c->removed)
		return;
	if (test_bit_acquire(CROSSED_SOFT_NOTED, &l->bits) && !l->soft_reached)
		settle_soft(c);
	if (smp_load_acquire(&l->hard_killed) && !l->hard_reached) {
		l->hard_reached = true;
		if (c->cause == PURSER_CAUSE_HARD_LIMIT)
			c->state = PURSER_STATE_KILLING;
		set_bit(REPORT_HARD, &l->bits);
		purser_container_event_at(c, PURSER_EVENT_HARD_LIMIT, &l->hard);
	}
	purser_limits_set_check_locked(c);
}

/**
 * purser_limits_changed_locked() - adapt the state to new limits
 * @c: the container, which was measured just now
 *
 * If usage is below the new soft limit, that limit is re-armed.
 * Context: caller holds c->lock.
 */
void purser_limits_changed_locked(struct purser_container *c)
{
	struct purser_figures now;

	purser_meter_read(&c->meter, &now);
	if (c->limits.soft_reached && c->soft_limit &&
	    now.usage < c->soft_limit) {
		purser_crossing_rearm_soft(c);
		tell_soft(c);
	}
	purser_limits_set_check_locked(c);
}

/**
 * purser_limits_report() - write the kernel log lines about crossed limits
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_limits_report(struct purser_container *c)
{
	const struct purser_crossing *soft = &c->limits.soft;
	const struct purser_crossing *hard = &c->limits.hard;

	if (test_and_clear_bit(REPORT_SOFT, &c->limits.bits))
		pr_info("soft limit container=%s pid=%d usage=%llu limit=%llu\n",
			c->name, c->pid_nr, soft->at.usage, soft->limit);
	if (test_and_clear_bit(REPORT_HARD, &c->limits.bits))
		pr_info("hard limit container=%s pid=%d usage=%llu limit=%llu\n",
			c->name, c->pid_nr, hard->at.usage, hard->limit);
}

/**
 * purser_limits_settle() - settle crossings, and kill all members of a killed container
 * @c: the container
 * @measured: the caller has just measured all address spaces of the container
 *
 * An interrupt kills only the first members, and the death of init does not end the other
 * members at once; see kill.c.
 *
 * Context: process context, no locks held.
 */
void purser_limits_settle(struct purser_container *c, bool measured)
{
	bool kill;

	spin_lock(&c->lock);
	purser_limits_settle_locked(c);
	if (measured)
		settle_clear(c);
	kill = READ_ONCE(c->killed) && !c->removed;
	spin_unlock(&c->lock);
	if (kill)
		purser_kill_all(c);
	purser_limits_report(c);
}

/**
 * purser_limits_prepare() - initialize a new container, before it is in the table
 * @c: the container
 */
void purser_limits_prepare(struct purser_container *c)
{
	c->limits.check_at = LONG_MAX;
	INIT_DELAYED_WORK(&c->limits.soft_work, soft_work);
}

/**
 * purser_limits_cancel() - cancel the timer of a container's soft limit
 * @c: the container, which takes no more members
 *
 * Context: process context. The function does not wait for a timer that expires at the
 * same time: that timer holds a reference and ignores a container that has ended.
 */
void purser_limits_cancel(struct purser_container *c)
{
	if (cancel_delayed_work(&c->limits.soft_work))
		purser_container_put(c);
}
