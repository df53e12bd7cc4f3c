// SPDX-License-Identifier: GPL-2.0
/*
 * Crossing a limit: what is seen of it in a page fault, and what is done at once.
 *
 * Everything here runs in probes and interrupts, without a lock of ours. What is
 * left to do under the container's lock does memory.c.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "crossing.h"
#include "killer.h"
#include "main.h"
#include "member.h"
#include "memory.h"
#include "rss.h"

static bool fault_accounting = true;
module_param(fault_accounting, bool, 0644);
MODULE_PARM_DESC(
	fault_accounting,
	"see limits crossed in page faults, not only each sweep_ms (default Y)");

/*
 * Where a cgroup is to be read as well, the peak follows in steps of so many pages,
 * which is what comes onto its lists at once.
 */
#define PEAK_STEP 16

/* Interrupts that are to come; the module stays until there are none. */
static atomic_t in_flight = ATOMIC_INIT(0);

static void landed(void)
{
	if (atomic_dec_and_test(&in_flight))
		wake_up_var(&in_flight);
}

/*
 * Have purser_crossing_irq() called, in interrupt context on this CPU.
 *
 * Context: any, under rcu_read_lock().
 */
static void raise(struct container *c)
{
	if (!purser_container_get(c))
		return;
	atomic_inc(&in_flight);
	if (irq_work_queue(&c->crossed_irq))
		return;
	/* It is to come already, and to do what we would have it do. */
	landed();
	purser_container_put(c);
}

static void want(struct container *c, int bit)
{
	if (!test_bit(bit, &c->crossed) && !test_and_set_bit(bit, &c->crossed))
		raise(c);
}

/* @by_fault: it is the calling task that crosses the limit. */
static void cross(struct container *c, int bit, struct purser_crossing *x,
		  u64 usage, u64 limit, bool by_fault)
{
	if (test_bit(bit, &c->crossed) || test_and_set_bit(bit, &c->crossed))
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
	set_bit(bit + 1, &c->crossed);
	raise(c);
}

/**
 * purser_crossing_examine() - RSS is where a limit is: is usage too?
 * @c: the container
 * @by_fault: the calling task makes it grow
 *
 * Context: any, under rcu_read_lock(); in probes with the page table's lock held.
 */
void purser_crossing_examine(struct container *c, bool by_fault)
{
	const u64 soft = READ_ONCE(c->soft_limit);
	const u64 hard = READ_ONCE(c->hard_limit);
	long pages = purser_meter_usage(&c->meter);
	u64 usage = (u64)pages << PAGE_SHIFT;

	purser_meter_raise_peak(&c->meter, pages);
	if (soft && usage >= soft)
		cross(c, CROSSED_SOFT, &c->soft_crossing, usage, soft,
		      by_fault);
	if (hard && usage > hard)
		cross(c, CROSSED_HARD, &c->hard_crossing, usage, hard,
		      by_fault);
	else if (pages < READ_ONCE(c->look_at))
		want(c, WANT_FAULTS);
}

/**
 * purser_crossing_error() - how far the sum of plain reads may be off, in pages
 * @c: the container
 */
long purser_crossing_error(const struct container *c)
{
	return purser_mm_error() * atomic_read(&c->meter.mms);
}

/*
 * From here to the limit counters are read exactly: @t, which grows, now, and all
 * others soon.
 */
static void come_near(struct container *c, struct purser_mm *t)
{
	WRITE_ONCE(c->near, true);
	purser_rss_refresh(t);
	want(c, WANT_EXACT);
}

/*
 * Are all counters read exactly? Until they are, which WANT_EXACT is to bring about,
 * the work item looks instead.
 */
static bool is_exact(const struct container *c)
{
	return !READ_ONCE(c->near) || READ_ONCE(c->exact) ||
	       atomic_read(&c->meter.mms) == 1;
}

/* Context: as purser_crossing_examine(). */
static void look_after_growth(struct container *c, struct purser_mm *t)
{
	long look_at = READ_ONCE(c->look_at);
	long rss = purser_meter_rss(&c->meter);
	long error;

	if (!READ_ONCE(c->near)) {
		error = purser_crossing_error(c);
		if (error && rss >= look_at - error - PURSER_NEAR) {
			come_near(c, t);
			rss = purser_meter_rss(&c->meter);
		}
	}
	if (rss >= look_at) {
		/* Nobody is killed for what the others' counters may be wrong by. */
		if (is_exact(c))
			purser_crossing_examine(c, true);
	} else if (rss > atomic_long_read(&c->meter.peak) +
				 (rcu_access_pointer(c->meter.cgroup) ?
					  PEAK_STEP :
					  0))
		purser_meter_raise_peak(&c->meter,
					purser_meter_usage(&c->meter));
}

/**
 * purser_crossing_is_clear() - has usage fallen far enough to re-arm the soft limit
 * @c: the container
 * @usage: bytes
 */
bool purser_crossing_is_clear(const struct container *c, u64 usage)
{
	return usage < c->soft_limit - c->soft_limit / 8;
}

/**
 * purser_crossing_shrunk() - a container has less
 * @c: the container
 *
 * Context: as purser_crossing_grown().
 */
void purser_crossing_shrunk(struct container *c)
{
	long pages;

	if (!READ_ONCE(c->soft_reached))
		return;
	pages = purser_meter_usage(&c->meter);
	/* Where plain reads may say too little the sweep looks. */
	if (!READ_ONCE(c->near))
		pages += purser_crossing_error(c);
	if (purser_crossing_is_clear(c, (u64)pages << PAGE_SHIFT))
		want(c, WANT_CLEAR);
}

/**
 * purser_crossing_on_rss_stat() - probe of rss_stat
 * @unused: the probe's data: NULL
 * @PURSER_RSS_STAT_ARGS: the address space, and which counter; see compat.h
 *
 * The calling task is the one whose fault it is, not always one of those that live
 * in the address space: process_vm_writev(), userfaultfd.
 *
 * Context: any that changes page tables; a page table's lock may be held. Takes no
 * lock; for a member's address space at most, and only near a limit, the raw lock
 * of the counter.
 */
void purser_crossing_on_rss_stat(void *unused, PURSER_RSS_STAT_ARGS)
{
	struct purser_mm *t;
	long grown;

	if (!purser_rss_may_be_ours(mm) || counter == MM_SWAPENTS ||
	    !READ_ONCE(fault_accounting))
		return;
	rcu_read_lock();
	t = purser_rss_find(mm);
	if (t) {
		grown = purser_rss_update(t, counter,
					  READ_ONCE(t->container->near));
		if (grown > 0)
			look_after_growth(t->container, t);
		else if (grown < 0)
			purser_crossing_shrunk(t->container);
		if (grown && !READ_ONCE(t->container->meter.changed))
			WRITE_ONCE(t->container->meter.changed, true);
	}
	rcu_read_unlock();
}

/**
 * purser_crossing_on_page_fault() - probe of page_fault_user and page_fault_kernel
 * @unused: the probe's data: NULL
 * @address: unused
 * @regs: unused
 * @error_code: unused
 *
 * Before the fault is dealt with: what is seen here is what earlier ones did.
 *
 * Context: the faulting task, interrupts off, no locks held but, where the kernel
 * itself faults, what it holds. Takes none.
 */
void purser_crossing_on_page_fault(void *unused, unsigned long address,
				   struct pt_regs *regs,
				   unsigned long error_code)
{
	struct mm_struct *mm = current->mm;
	struct purser_mm *t;

	if (!mm || !purser_rss_may_be_ours(mm) || !READ_ONCE(fault_accounting))
		return;
	rcu_read_lock();
	t = purser_rss_find(mm);
	if (t && READ_ONCE(t->container->gray))
		purser_crossing_examine(t->container, true);
	rcu_read_unlock();
}

/**
 * purser_crossing_is_watched() - does anybody tell of changes to @c
 * @c: the container
 *
 * Then one that has not changed, and for which nothing is due, need not be looked at.
 */
bool purser_crossing_is_watched(const struct container *c)
{
	return READ_ONCE(fault_accounting) && !READ_ONCE(c->soft_reached) &&
	       !READ_ONCE(c->near) && !test_bit(WANT_FAULTS, &c->crossed);
}

/**
 * purser_crossing_grown() - a container has more, by a fork or execve()
 * @c: the container
 * @t: the address space
 *
 * Context: in probes, under rcu_read_lock(); the container's lock may be held.
 */
void purser_crossing_grown(struct container *c, struct purser_mm *t)
{
	if (READ_ONCE(fault_accounting))
		look_after_growth(c, t);
}

/**
 * purser_crossing_kill() - SIGKILL for the hard limit
 * @c: the container, whose crossing was noted
 *
 * No other cause comes into the record any more. What is dying anyway is left to
 * that. A limit that was raised just now was not crossed.
 *
 * Context: any, also an interrupt.
 */
void purser_crossing_kill(struct container *c)
{
	u64 hard = READ_ONCE(c->hard_limit);

	if (READ_ONCE(c->hard_killed) || purser_member_init_is_dying(c))
		return;
	if (!hard || c->hard_crossing.at.usage <= hard) {
		/* By one alone; nobody notes before the second is clear. */
		if (test_and_clear_bit(CROSSED_HARD_NOTED, &c->crossed))
			clear_bit(CROSSED_HARD, &c->crossed);
		return;
	}
	/* A stop that was asked for first stays the reason. */
	cmpxchg(&c->cause, PURSER_CAUSE_NONE, PURSER_CAUSE_HARD_LIMIT);
	smp_store_release(&c->hard_killed, true);
	purser_member_kill_at_once(c);
}

/**
 * purser_crossing_irq() - what cannot wait for a work item
 * @work: of the container
 *
 * Context: hard interrupt. Holds the reference that raise() took, and gives it to
 * the work item.
 */
void purser_crossing_irq(struct irq_work *work)
{
	struct container *c = container_of(work, struct container, crossed_irq);

	if (test_bit_acquire(CROSSED_HARD_NOTED, &c->crossed))
		purser_crossing_kill(c);
	if (!queue_work(purser_wq, &c->crossed_work))
		purser_container_put(c);
	landed();
}

/**
 * purser_crossing_disarm_soft() - the soft limit can be crossed again
 * @c: the container; caller holds its lock
 */
void purser_crossing_disarm_soft(struct container *c)
{
	WRITE_ONCE(c->soft_reached, false);
	clear_bit(CROSSED_SOFT_NOTED, &c->crossed);
	smp_mb__before_atomic(); /* nobody notes before */
	clear_bit(CROSSED_SOFT, &c->crossed);
}

/**
 * purser_crossing_stop() - at the module's end: no container lives
 *
 * Interrupts that a probe has raised just before the last container went have
 * queued their work when this returns.
 */
void purser_crossing_stop(void)
{
	wait_var_event(&in_flight, !atomic_read(&in_flight));
}
