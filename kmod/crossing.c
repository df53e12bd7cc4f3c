// SPDX-License-Identifier: GPL-2.0
/*
 * Crossing a limit: probes see it in a page fault, an interrupt acts on it at once.
 *
 * Everything here runs in probes and interrupts, without a lock of ours. limits.c does
 * the rest, under the container's lock.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "crossing.h"
#include "kill.h"
#include "killer.h"
#include "lazyfree.h"
#include "member.h"
#include "rss.h"
#include "work.h"

static bool fault_accounting = true;
module_param(fault_accounting, bool, 0644);
MODULE_PARM_DESC(
	fault_accounting,
	"see limits crossed in page faults, not only each sweep_ms (default Y)");

/*
 * If a cgroup has to be read as well, the peak follows in steps of so many pages: a
 * batch of that size comes onto its lists at once.
 */
#define PEAK_STEP 16

/*
 * Counters are read exactly from so many pages before a limit on, and the error of
 * plain reads: twice the pages that one fault may bring.
 */
#define NEAR_PAGES 1024

/*
 * Neither of the two is more than this share of a limit. On a machine with many CPUs
 * the error is more than a small container's limit, and exact reads cost a look at
 * each CPU: without a bound such a container would be near for ever. What plain reads
 * miss beyond the bound, the sweep sees.
 */
#define NEAR_SHARE 8

/* Interrupts that are still to come; the module stays until there are none. */
static atomic_t in_flight = ATOMIC_INIT(0);

static void landed(void)
{
	if (atomic_dec_and_test(&in_flight))
		wake_up_var(&in_flight);
}

/*
 * Have purser_crossing_irq() called, in interrupt context on this CPU.
 *
 * Context: any, also NMI, under rcu_read_lock().
 */
static void raise_irq(struct purser_container *c)
{
	if (!purser_container_get(c))
		return;
	atomic_inc(&in_flight);
	if (irq_work_queue(&c->crossed_irq))
		return;
	/* It is to come already, and will act on this crossing too. */
	landed();
	purser_container_put(c);
}

static void want(struct purser_container *c, int bit)
{
	if (!test_bit(bit, &c->limits.bits) &&
	    !test_and_set_bit(bit, &c->limits.bits))
		raise_irq(c);
}

/* @by_fault: it is the calling task that crosses the limit. */
static void note_crossing(struct purser_container *c, int bit,
			  struct purser_crossing *x, u64 usage, u64 limit,
			  bool by_fault)
{
	if (test_bit(bit, &c->limits.bits) ||
	    test_and_set_bit(bit, &c->limits.bits))
		return;
	purser_meter_read(&c->meter, &x->at);
	/* It may have changed since it was compared. */
	x->at.rss = max(x->at.rss, usage);
	x->at.usage = usage;
	x->at.peak = max(x->at.peak, usage);
	x->limit = limit;
	x->by_fault = by_fault;
	if (by_fault)
		purser_killer_of_current(&x->task);
	smp_mb__before_atomic(); /* read by those who see the second bit */
	set_bit(bit + 1, &c->limits.bits);
	raise_irq(c);
}

/*
 * Usage is below the limits, RSS is not. Have page faults watched: the end of sharing
 * is more usage and no more RSS. Have lazily freed pages counted if they could hide
 * that a limit is crossed.
 */
static void watch_gap(struct purser_container *c, long pages)
{
	long missing = READ_ONCE(c->limits.check_at) - pages;

	want(c, WANT_FAULTS);
	if (purser_meter_hidden(&c->meter) >= missing &&
	    purser_lazyfree_since(&c->meter) >= missing)
		want(c, WANT_COUNT);
}

/* Compare @pages of usage with the limits. Context: as purser_crossing_examine(). */
static void compare(struct purser_container *c, long pages, bool by_fault)
{
	const u64 soft = READ_ONCE(c->soft_limit);
	const u64 hard = READ_ONCE(c->hard_limit);
	u64 usage = (u64)pages << PAGE_SHIFT;

	purser_meter_raise_peak(&c->meter, pages);
	if (soft && usage >= soft)
		note_crossing(c, CROSSED_SOFT, &c->limits.soft, usage, soft,
			      by_fault);
	if (hard && usage > hard)
		note_crossing(c, CROSSED_HARD, &c->limits.hard, usage, hard,
			      by_fault);
	else if (pages < READ_ONCE(c->limits.check_at))
		watch_gap(c, pages);
}

/**
 * purser_crossing_examine() - RSS has reached a limit: has usage too?
 * @c: the container
 * @by_fault: the calling task makes it grow
 *
 * Context: any, also NMI, under rcu_read_lock(); in probes with the page table's lock
 * held. Takes no lock.
 */
void purser_crossing_examine(struct purser_container *c, bool by_fault)
{
	compare(c, purser_meter_usage(&c->meter), by_fault);
}

/**
 * purser_crossing_margin() - how many pages before a limit counters are read exactly
 * @c: the container
 *
 * Return: 0 if plain reads are exact on this kernel.
 */
long purser_crossing_margin(const struct purser_container *c)
{
	long share = READ_ONCE(c->limits.check_at) / NEAR_SHARE;
	long error = purser_mm_error() * atomic_read(&c->meter.mms);

	return error ? min(error, share) + min_t(long, NEAR_PAGES, share) : 0;
}

/**
 * purser_crossing_watch_from() - pages of RSS from which on page faults are watched
 * @c: the container
 *
 * From a limit on, since usage may grow and RSS not. On kernels that let a thread keep
 * some pages for itself, from a bit before it on: the thread that faults shows them.
 */
long purser_crossing_watch_from(const struct purser_container *c)
{
	long check_at = READ_ONCE(c->limits.check_at);

	if (!PURSER_TASKS_KEEP_PAGES)
		return check_at;
	return check_at - min_t(long, NEAR_PAGES, check_at / NEAR_SHARE);
}

/*
 * From here to the limit counters are read exactly: @t, which grows, now, and all
 * others soon.
 */
static void come_near(struct purser_container *c, struct purser_mm *t)
{
	WRITE_ONCE(c->limits.near, true);
	purser_rss_refresh(t);
	want(c, WANT_EXACT);
}

/*
 * Are all counters read exactly? Until they are, which WANT_EXACT is to bring about,
 * the work item looks instead.
 */
static bool is_exact(const struct purser_container *c)
{
	return !READ_ONCE(c->limits.near) || READ_ONCE(c->limits.exact) ||
	       atomic_read(&c->meter.mms) == 1;
}

/* Context: as purser_crossing_examine(). */
static void look_after_growth(struct purser_container *c, struct purser_mm *t)
{
	long check_at = READ_ONCE(c->limits.check_at);
	long rss = purser_meter_rss(&c->meter);
	long margin;

	if (!READ_ONCE(c->limits.near)) {
		margin = purser_crossing_margin(c);
		if (margin && rss >= check_at - margin) {
			come_near(c, t);
			rss = purser_meter_rss(&c->meter);
		}
	}
	if (PURSER_TASKS_KEEP_PAGES && rss >= purser_crossing_watch_from(c))
		want(c, WANT_FAULTS);
	if (rss >= check_at) {
		/* A wrong counter of another address space must not kill. */
		if (is_exact(c))
			purser_crossing_examine(c, true);
	} else if (rss > atomic_long_read(&c->meter.peak) +
				 (rcu_access_pointer(c->meter.cgroup) ?
					  PEAK_STEP :
					  0)) {
		purser_meter_raise_peak(&c->meter,
					purser_meter_usage(&c->meter));
	}
}

/**
 * purser_crossing_is_clear() - has usage fallen far enough to re-arm the soft limit
 * @c: the container
 * @usage: bytes
 */
bool purser_crossing_is_clear(const struct purser_container *c, u64 usage)
{
	return usage < c->soft_limit - c->soft_limit / 8;
}

/**
 * purser_crossing_shrunk() - a container has fewer pages
 * @c: the container
 *
 * Context: as purser_crossing_grown().
 */
void purser_crossing_shrunk(struct purser_container *c)
{
	long pages;

	if (!READ_ONCE(c->limits.soft_reached))
		return;
	pages = purser_meter_usage(&c->meter);
	/* If plain reads may say too little, the sweep looks. */
	if (!READ_ONCE(c->limits.near))
		pages += purser_mm_error() * atomic_read(&c->meter.mms);
	if (purser_crossing_is_clear(c, (u64)pages << PAGE_SHIFT))
		want(c, WANT_CLEAR);
}

/**
 * purser_crossing_on_rss_stat() - probe of rss_stat
 * @unused: the probe's data: NULL
 * @mm: the address space
 * @counter: MM_FILEPAGES and others
 *
 * The calling task causes the fault. It does not always live in the address space:
 * process_vm_writev(), userfaultfd.
 *
 * Context: any that changes page tables; a page table's lock may be held. Takes no
 * lock; for a member's address space at most, and only near a limit, the raw lock
 * of the counter.
 */
void purser_crossing_on_rss_stat(void *unused, struct mm_struct *mm,
				 int counter)
{
	struct purser_container *c;
	struct purser_mm *t;
	long grown;

	if (!purser_rss_may_be_ours(mm) || counter == MM_SWAPENTS ||
	    !READ_ONCE(fault_accounting))
		return;
	rcu_read_lock();
	t = purser_rss_find(mm);
	if (t) {
		c = t->container;
		grown = purser_rss_update(t, counter,
					  READ_ONCE(c->limits.near));
		if (grown > 0)
			look_after_growth(c, t);
		else if (grown < 0)
			purser_crossing_shrunk(c);
		if (grown && !READ_ONCE(c->meter.changed))
			WRITE_ONCE(c->meter.changed, true);
	}
	rcu_read_unlock();
}

/**
 * purser_crossing_examine_with() - has usage reached a limit with some more pages
 * @c: the container
 * @extra: pages that tasks have not passed on to the counters yet, by kind
 * @by_fault: the calling task makes it grow
 *
 * Context: as purser_crossing_examine().
 */
void purser_crossing_examine_with(struct purser_container *c,
				  const long extra[PURSER_N_KINDS],
				  bool by_fault)
{
	if (purser_meter_rss(&c->meter) + extra[PURSER_KIND_FILE] +
		    extra[PURSER_KIND_ANON] >=
	    READ_ONCE(c->limits.check_at))
		compare(c, purser_meter_usage_with(&c->meter, extra), by_fault);
}

/* The calling task faults. Context: as purser_crossing_on_page_fault(). */
static void examine_task(struct purser_container *c)
{
	long extra[PURSER_N_KINDS] = {};

	purser_rss_add_task(extra, current);
	purser_crossing_examine_with(c, extra, true);
}

/**
 * purser_crossing_on_page_fault() - probe of page_fault_user and page_fault_kernel
 * @unused: the probe's data: NULL
 * @address: unused
 * @regs: unused
 * @error_code: unused
 *
 * It runs before the kernel handles the fault: it sees the effect of earlier ones.
 *
 * Context: the faulting task, interrupts off. If the kernel itself faults, then it may
 * hold any lock, and the fault may be one inside an NMI. So this function takes no
 * lock, and neither may anything that it calls.
 */
void purser_crossing_on_page_fault(void *unused, unsigned long address,
				   struct pt_regs *regs,
				   unsigned long error_code)
{
	struct mm_struct *mm = current->mm;
	struct purser_container *c;
	struct purser_mm *t;

	if (!mm || in_nmi() || !purser_rss_may_be_ours(mm) ||
	    !READ_ONCE(fault_accounting))
		return;
	rcu_read_lock();
	t = purser_rss_find(mm);
	c = t ? t->container : NULL;
	if (c && READ_ONCE(c->limits.watched))
		examine_task(c);
	rcu_read_unlock();
}

/**
 * purser_crossing_is_watched() - do probes tell of all changes of @c
 * @c: the container
 *
 * Then the sweep can pass over a container that has not changed and that nothing is
 * due for.
 */
bool purser_crossing_is_watched(const struct purser_container *c)
{
	return READ_ONCE(fault_accounting) &&
	       !READ_ONCE(c->limits.soft_reached) &&
	       !READ_ONCE(c->limits.near) &&
	       !test_bit(WANT_FAULTS, &c->limits.bits);
}

/**
 * purser_crossing_grown() - a container has more, by a fork or execve()
 * @c: the container
 * @t: the address space
 *
 * Context: in probes, under rcu_read_lock(); the container's lock may be held.
 */
void purser_crossing_grown(struct purser_container *c, struct purser_mm *t)
{
	if (READ_ONCE(fault_accounting))
		look_after_growth(c, t);
}

/**
 * purser_crossing_enforce() - SIGKILL for the hard limit, if a crossing was noted
 * @c: the container
 *
 * Of several callers at once only the one that clears CROSSED_HARD_NOTED acts. If the
 * limit was raised just now, then it was not crossed. No other cause comes into the
 * record any more, unless its end is decided already; even then the members are killed.
 *
 * Context: any, also an interrupt.
 */
void purser_crossing_enforce(struct purser_container *c)
{
	u64 hard;

	if (!test_and_clear_bit(CROSSED_HARD_NOTED, &c->limits.bits))
		return;
	hard = READ_ONCE(c->hard_limit);
	if (!hard || c->limits.hard.at.usage <= hard) {
		smp_mb__before_atomic(); /* nobody writes it down before */
		clear_bit(CROSSED_HARD, &c->limits.bits);
		return;
	}
	/* A stop that was asked for first stays the reason. */
	if (!purser_member_end_is_decided(c))
		cmpxchg(&c->cause, PURSER_CAUSE_NONE, PURSER_CAUSE_HARD_LIMIT);
	smp_store_release(&c->limits.hard_killed, true);
	smp_store_release(&c->killed, true);
	purser_kill_at_once(c);
}

/**
 * purser_crossing_queue() - have the container's work item run
 * @c: the container
 *
 * Context: any but NMI, under rcu_read_lock() or with a reference held.
 */
void purser_crossing_queue(struct purser_container *c)
{
	if (!purser_container_get(c))
		return;
	if (!queue_work(purser_wq, &c->crossed_work))
		purser_container_put(c);
}

/**
 * purser_crossing_irq() - the steps that cannot wait for a work item
 * @work: of the container
 *
 * Context: hard interrupt. Holds the reference that raise_irq() took, and gives it to
 * the work item.
 */
void purser_crossing_irq(struct irq_work *work)
{
	struct purser_container *c = container_of(work, struct purser_container,
						  crossed_irq);

	purser_crossing_enforce(c);
	if (!queue_work(purser_wq, &c->crossed_work))
		purser_container_put(c);
	landed();
}

/**
 * purser_crossing_disarm_soft() - the soft limit can be crossed again
 * @c: the container; caller holds its lock
 */
void purser_crossing_disarm_soft(struct purser_container *c)
{
	WRITE_ONCE(c->limits.soft_reached, false);
	clear_bit(CROSSED_SOFT_NOTED, &c->limits.bits);
	smp_mb__before_atomic(); /* nobody writes a crossing down before */
	clear_bit(CROSSED_SOFT, &c->limits.bits);
}

/**
 * purser_crossing_stop() - at the module's end: no container lives
 *
 * A probe may have raised interrupts just before the last container went. They have
 * queued their work when this returns.
 */
void purser_crossing_stop(void)
{
	wait_var_event(&in_flight, !atomic_read(&in_flight));
}
