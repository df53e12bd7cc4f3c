// SPDX-License-Identifier: GPL-2.0
/*
 * Detecting that usage crosses a limit. A probe notices it in the page fault, and an
 * interrupt acts on it at once.
 *
 * Every function here may run in a probe or an interrupt and takes no lock of the module.
 * limits.c does the rest, under the container's lock.
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
	"check limits in page faults, not only every sweep_ms (default Y)");

/*
 * Reading a cgroup's lists costs more than reading RSS. If a container has a cgroup, the
 * peak is therefore updated in steps of this many pages. Pages enter the lists in batches
 * of about this size anyway.
 */
#define PEAK_STEP 16

/*
 * Counters are read exactly if RSS is within this many pages of a limit, plus the error
 * of plain reads. It is twice the number of pages that one fault may bring.
 */
#define NEAR_PAGES 1024

/*
 * Each of these two distances is at most one part in NEAR_SHARE of a limit. On a machine
 * with many CPUs the error of plain reads is greater than the limit of a small container.
 * Without this bound such a container would always be "near", and each exact read costs
 * a look at every CPU. The sweep finds the crossings that plain reads miss because of the
 * bound.
 */
#define NEAR_SHARE 8

/* Number of irq_works that are queued; the module is not unloaded before it is 0. */
static atomic_t in_flight = ATOMIC_INIT(0);

static void irq_work_done(void)
{
	if (atomic_dec_and_test(&in_flight))
		wake_up_var(&in_flight);
}

/*
 * Queue the irq_work that calls purser_crossing_irq() in interrupt context on this CPU.
 *
 * Context: any, including NMI, under rcu_read_lock().
 */
static void raise_irq(struct purser_container *c)
{
	if (!purser_container_get(c))
		return;
	atomic_inc(&in_flight);
	if (irq_work_queue(&c->crossed_irq))
		return;
	/* It is queued already and will act on this crossing too. */
	irq_work_done();
	purser_container_put(c);
}

/* Set a WANT_ bit and have it acted on. Context: as raise_irq(). */
static void want(struct purser_container *c, int bit)
{
	if (!test_bit(bit, &c->limits.bits) &&
	    !test_and_set_bit(bit, &c->limits.bits))
		raise_irq(c);
}

/*
 * Write down that usage crossed a limit, once. @bit: CROSSED_SOFT or CROSSED_HARD;
 * @by_fault: the calling task crosses the limit. Context: as raise_irq().
 */
static void note_crossing(struct purser_container *c, int bit,
			  struct purser_crossing *x, u64 usage, u64 limit,
			  bool by_fault)
{
	if (test_bit(bit, &c->limits.bits) ||
	    test_and_set_bit(bit, &c->limits.bits))
		return;
	purser_meter_read(&c->meter, &x->at);
	/* The figures may have changed since @usage was compared with the limit. */
	x->at.rss = max(x->at.rss, usage);
	x->at.usage = usage;
	x->at.peak = max(x->at.peak, usage);
	x->limit = limit;
	x->by_fault = by_fault;
	if (by_fault)
		purser_killer_of_current(&x->task);
	smp_mb__before_atomic(); /* code that sees the second bit sees @x, too */
	set_bit(bit + 1, &c->limits.bits);
	raise_irq(c);
}

/*
 * Usage is below the limits, but RSS is not. Page faults must be watched, because a
 * write to a shared page raises usage and leaves RSS as it is. Lazily freed pages must be
 * counted if they could hide that usage has crossed a limit.
 */
static void watch_sharing(struct purser_container *c, long pages)
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
		watch_sharing(c, pages);
}

/**
 * purser_crossing_examine() - compare usage with the limits
 * @c: the container, whose RSS has reached a limit
 * @by_fault: the calling task makes the container grow
 *
 * Context: any, including NMI, under rcu_read_lock(); in probes the page table's lock may
 * be held. Takes no lock.
 */
void purser_crossing_examine(struct purser_container *c, bool by_fault)
{
	compare(c, purser_meter_usage(&c->meter), by_fault);
}

/**
 * purser_crossing_margin() - how many pages below a limit exact reads begin
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
 * purser_crossing_watch_from() - the RSS from which on page faults are watched
 * @c: the container
 *
 * That is the limit itself, because above it usage may grow without RSS. On kernels
 * where a thread keeps some pages in a counter of its own, it is a bit less: the probe
 * of page faults can read the counter of the thread that faults.
 *
 * Return: pages.
 */
long purser_crossing_watch_from(const struct purser_container *c)
{
	long check_at = READ_ONCE(c->limits.check_at);

	if (!PURSER_TASKS_KEEP_PAGES)
		return check_at;
	return check_at - min_t(long, NEAR_PAGES, check_at / NEAR_SHARE);
}

/*
 * Make the container "near": read the counters of @t, which grows, exactly now, and have
 * all others read soon.
 */
static void enter_near(struct purser_container *c, struct purser_mm *t)
{
	WRITE_ONCE(c->limits.near, true);
	purser_rss_refresh(t);
	want(c, WANT_EXACT);
}

/*
 * Is RSS exact enough to compare usage with the limits? If not, the work item that
 * WANT_EXACT has queued reads all counters and compares.
 */
static bool is_exact(const struct purser_container *c)
{
	return !READ_ONCE(c->limits.near) || READ_ONCE(c->limits.exact) ||
	       atomic_read(&c->meter.mms) == 1;
}

/* Check the limits after @t has grown. Context: as purser_crossing_examine(). */
static void check_growth(struct purser_container *c, struct purser_mm *t)
{
	long check_at = READ_ONCE(c->limits.check_at);
	long rss = purser_meter_rss(&c->meter);
	long margin;

	if (!READ_ONCE(c->limits.near)) {
		margin = purser_crossing_margin(c);
		if (margin && rss >= check_at - margin) {
			enter_near(c, t);
			rss = purser_meter_rss(&c->meter);
		}
	}
	if (PURSER_TASKS_KEEP_PAGES && rss >= purser_crossing_watch_from(c))
		want(c, WANT_FAULTS);
	if (rss >= check_at) {
		/* An inexact counter of another address space must not cause a kill. */
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
 * purser_crossing_shrunk() - check whether a container that shrank is below its limit
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
	/* Plain reads may be too low. The sweep finds what this misses. */
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
 * The calling task causes the change. It may be a task that does not use the address
 * space itself: process_vm_writev(), userfaultfd.
 *
 * Context: any that changes page tables; a page table's lock may be held. Takes no lock,
 * except for a member's address space near a limit: there it takes the raw lock of the
 * counter.
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
			check_growth(c, t);
		else if (grown < 0)
			purser_crossing_shrunk(c);
		if (grown && !READ_ONCE(c->meter.changed))
			WRITE_ONCE(c->meter.changed, true);
	}
	rcu_read_unlock();
}

/**
 * purser_crossing_examine_with() - compare usage plus uncounted pages with the limits
 * @c: the container
 * @extra: pages that tasks have not added to the counters yet, by kind
 * @by_fault: the calling task makes the container grow
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

/*
 * Compare usage with the limits, including the pages that the calling task keeps to
 * itself. Context: as purser_crossing_on_page_fault().
 */
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
 * The probe runs before the kernel handles the fault, so it sees the effect of earlier
 * faults.
 *
 * Context: the faulting task, interrupts off. If kernel code faults, it may hold any
 * lock, and the fault may happen inside an NMI. Therefore neither this function nor the
 * functions that it calls may take a lock.
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
 * purser_crossing_is_watched() - do probes see every change of a container
 * @c: the container
 *
 * If so, the sweep can skip a container that has not changed.
 */
bool purser_crossing_is_watched(const struct purser_container *c)
{
	return READ_ONCE(fault_accounting) &&
	       !READ_ONCE(c->limits.soft_reached) &&
	       !READ_ONCE(c->limits.near) &&
	       !test_bit(WANT_FAULTS, &c->limits.bits);
}

/**
 * purser_crossing_grown() - check the limits after fork() or execve()
 * @c: the container
 * @t: the new address space
 *
 * Context: in probes, under rcu_read_lock(); the container's lock may be held.
 */
void purser_crossing_grown(struct purser_container *c, struct purser_mm *t)
{
	if (READ_ONCE(fault_accounting))
		check_growth(c, t);
}

/* The hard limit is the cause of the end: say so in the container's cgroup. */
static void count_kill(struct purser_container *c)
{
	if (purser_meter_count_kill(&c->meter, (long)READ_ONCE(c->processes) -
						       READ_ONCE(c->outside)))
		set_bit(WANT_NOTICE, &c->limits.bits);
}

/**
 * purser_crossing_enforce() - kill a container if its hard limit was crossed
 * @c: the container
 *
 * If several callers run at once, only the one that clears CROSSED_HARD_NOTED acts. If
 * the limit was raised meanwhile and usage was not above the new limit, the crossing does
 * not count. The hard limit becomes the cause of the end, unless there is a cause already
 * or the end is decided. The members are killed in every case.
 *
 * Context: any, including interrupts.
 */
void purser_crossing_enforce(struct purser_container *c)
{
	u64 hard;

	if (!test_and_clear_bit(CROSSED_HARD_NOTED, &c->limits.bits))
		return;
	hard = READ_ONCE(c->hard_limit);
	if (!hard || c->limits.hard.at.usage <= hard) {
		smp_mb__before_atomic(); /* the next crossing is written after */
		clear_bit(CROSSED_HARD, &c->limits.bits);
		return;
	}
	/* A stop that was asked for first stays the reason. */
	if (!purser_member_end_is_decided(c) &&
	    cmpxchg(&c->cause, PURSER_CAUSE_NONE, PURSER_CAUSE_HARD_LIMIT) ==
		    PURSER_CAUSE_NONE)
		count_kill(c);
	smp_store_release(&c->limits.hard_killed, true);
	smp_store_release(&c->killed, true);
	purser_kill_at_once(c);
}

/**
 * purser_crossing_queue() - queue the container's work item, crossed_work
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
 * purser_crossing_irq() - do what cannot wait for a work item
 * @work: crossed_irq of the container
 *
 * Context: hard interrupt. It owns the reference that raise_irq() took, and passes it on
 * to the work item.
 */
void purser_crossing_irq(struct irq_work *work)
{
	struct purser_container *c = container_of(work, struct purser_container,
						  crossed_irq);

	purser_crossing_enforce(c);
	if (!queue_work(purser_wq, &c->crossed_work))
		purser_container_put(c);
	irq_work_done();
}

/**
 * purser_crossing_rearm_soft() - let the soft limit be crossed again
 * @c: the container; caller holds its lock
 */
void purser_crossing_rearm_soft(struct purser_container *c)
{
	WRITE_ONCE(c->limits.soft_reached, false);
	clear_bit(CROSSED_SOFT_NOTED, &c->limits.bits);
	smp_mb__before_atomic(); /* the next crossing is written after */
	clear_bit(CROSSED_SOFT, &c->limits.bits);
}

/**
 * purser_crossing_stop() - wait for irq_works, at unload, when no container is live
 *
 * A probe may have queued irq_works just before the last container ended. When this
 * function returns, they have queued their work items.
 */
void purser_crossing_stop(void)
{
	wait_var_event(&in_flight, !atomic_read(&in_flight));
}
