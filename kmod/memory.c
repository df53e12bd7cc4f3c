// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: when a container crosses a limit, and what comes of it.
 *
 *   probe       rss_stat, in the page fault: adds, compares, takes a bit for what was
 *               crossed, notes who did it and with what figures; no lock
 *   interrupt   an irq_work, moments later on the same CPU: the cause of the end and
 *               SIGKILL for a hard limit; no lock of ours
 *   settling    under the container's lock: state, events; by a work item, or by
 *               whoever has the lock before, so that what was crossed comes first
 *   sweep       each sweep_ms: what no tracepoint tells, exactly
 *
 * A container whose RSS is above a limit while its usage is not is watched by the
 * page fault tracepoints too: a page that is no longer shared is more usage and no
 * more RSS.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "killer.h"
#include "main.h"
#include "member.h"
#include "memory.h"
#include "param.h"
#include "probe.h"
#include "rss.h"

static unsigned int sweep_ms = 1000;
PURSER_PARAM_UINT(sweep_ms, 10, 60000, 0644);
MODULE_PARM_DESC(
	sweep_ms,
	"milliseconds between two looks at each container's memory (10 to 60000, default 1000)");

static bool fault_accounting = true;
module_param(fault_accounting, bool, 0644);
MODULE_PARM_DESC(
	fault_accounting,
	"see limits crossed in page faults, not only each sweep_ms (default Y)");

/*
 * Bits of container->crossed. Whoever sets the first of a pair notes the crossing
 * and sets the second then.
 */
enum {
	CROSSED_SOFT,
	CROSSED_SOFT_NOTED,
	CROSSED_HARD,
	CROSSED_HARD_NOTED,
	REPORT_SOFT, /* to the kernel log */
	REPORT_HARD,
	WANT_EXACT,  /* near a limit: read all counters exactly */
	WANT_FAULTS, /* RSS is above a limit, usage is not */
	WANT_CLEAR,  /* the soft limit may be re-armed */
};

/*
 * Where a cgroup is to be read as well, the peak follows in steps of so many pages,
 * which is what comes onto its lists at once.
 */
#define PEAK_STEP 16

/* Interrupts that are to come; the module stays until there are none. */
static atomic_t in_flight = ATOMIC_INIT(0);

/*
 * Have crossed_irq() called, in interrupt context on this CPU.
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
	atomic_dec(&in_flight);
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
	x->limit = limit;
	x->by_fault = by_fault;
	if (by_fault)
		purser_killer_of_current(&x->task);
	smp_mb__before_atomic(); /* read by those who see the second bit */
	set_bit(bit + 1, &c->crossed);
	raise(c);
}

/*
 * RSS is where a limit is: is usage too?
 *
 * Context: any, under rcu_read_lock(); in probes with the page table's lock held.
 */
static void examine(struct container *c, bool by_fault)
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

/* By how much the sum of plain reads may be below the truth. */
static long error_of(const struct container *c)
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
 * Context: as examine().
 */
static void look_after_growth(struct container *c, struct purser_mm *t)
{
	long look_at = READ_ONCE(c->look_at);
	long rss = purser_meter_rss(&c->meter);
	long error;

	if (!READ_ONCE(c->near)) {
		error = error_of(c);
		if (error && rss >= look_at - error) {
			come_near(c, t);
			rss = purser_meter_rss(&c->meter);
		}
	}
	if (rss >= look_at)
		examine(c, true);
	else if (rss > atomic_long_read(&c->meter.peak) +
			       (c->meter.memcg ? PEAK_STEP : 0))
		purser_meter_raise_peak(&c->meter,
					purser_meter_usage(&c->meter));
}

/* Has usage fallen so far that the soft limit is armed again? */
static bool is_clear(const struct container *c, u64 usage)
{
	return usage < c->soft_limit - c->soft_limit / 8;
}

/**
 * purser_memory_shrunk() - a container has less
 * @c: the container
 *
 * Context: as purser_memory_grown().
 */
void purser_memory_shrunk(struct container *c)
{
	if (READ_ONCE(c->soft_reached) &&
	    is_clear(c, (u64)purser_meter_usage(&c->meter) << PAGE_SHIFT))
		want(c, WANT_CLEAR);
}

/**
 * purser_memory_on_rss_stat() - probe of rss_stat
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
void purser_memory_on_rss_stat(void *unused, PURSER_RSS_STAT_ARGS)
{
	struct purser_mm *t;
	long grown;

	if (counter == MM_SWAPENTS || !READ_ONCE(fault_accounting))
		return;
	rcu_read_lock();
	t = purser_rss_find(mm);
	if (t) {
		grown = purser_rss_update(t, counter,
					  READ_ONCE(t->container->near));
		if (grown > 0)
			look_after_growth(t->container, t);
		else if (grown < 0)
			purser_memory_shrunk(t->container);
	}
	rcu_read_unlock();
}

/**
 * purser_memory_on_page_fault() - probe of page_fault_user and page_fault_kernel
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
void purser_memory_on_page_fault(void *unused, unsigned long address,
				 struct pt_regs *regs, unsigned long error_code)
{
	struct mm_struct *mm = current->mm;
	struct purser_mm *t;

	if (!mm || !READ_ONCE(fault_accounting))
		return;
	rcu_read_lock();
	t = purser_rss_find(mm);
	if (t && READ_ONCE(t->container->gray))
		examine(t->container, true);
	rcu_read_unlock();
}

/**
 * purser_memory_grown() - a container has more, by a fork or execve()
 * @c: the container
 * @t: the address space
 *
 * Context: in probes, under rcu_read_lock(); the container's lock may be held.
 */
void purser_memory_grown(struct container *c, struct purser_mm *t)
{
	if (READ_ONCE(fault_accounting))
		look_after_growth(c, t);
}

/*
 * SIGKILL to the container, in whose record no other cause comes any more. What is
 * dying anyway is left to that. A limit that was raised just now was not crossed.
 *
 * Context: any, also an interrupt.
 */
static void kill_for_limit(struct container *c)
{
	u64 hard = READ_ONCE(c->hard_limit);

	if (READ_ONCE(c->hard_killed) || purser_member_init_is_dying(c))
		return;
	if (!hard || c->hard_crossing.at.usage <= hard) {
		clear_bit(CROSSED_HARD_NOTED, &c->crossed);
		smp_mb__before_atomic(); /* nobody notes before */
		clear_bit(CROSSED_HARD, &c->crossed);
		return;
	}
	/* A stop that was asked for first stays the reason. */
	cmpxchg(&c->cause, PURSER_CAUSE_NONE, PURSER_CAUSE_HARD_LIMIT);
	smp_store_release(&c->hard_killed, true);
	purser_member_kill_at_once(c);
}

/*
 * Context: hard interrupt. Holds the reference that raise() took, and gives it to
 * the work item.
 */
static void crossed_irq(struct irq_work *work)
{
	struct container *c = container_of(work, struct container, crossed_irq);

	if (test_bit(CROSSED_HARD_NOTED, &c->crossed))
		kill_for_limit(c);
	if (!queue_work(purser_wq, &c->crossed_work))
		purser_container_put(c);
	if (atomic_dec_and_test(&in_flight))
		wake_up_var(&in_flight);
}

/* From which RSS on there is something to be seen; caller holds c->lock. */
static void set_look_at(struct container *c)
{
	u64 look_at = U64_MAX;

	if (c->soft_limit && !c->soft_reached)
		look_at = DIV_ROUND_UP_ULL(c->soft_limit, PAGE_SIZE);
	if (c->hard_limit && !c->hard_reached)
		look_at = min(look_at, (c->hard_limit >> PAGE_SHIFT) + 1);
	if (c->adopted) /* half of a container is not held to its limits */
		WRITE_ONCE(c->look_at, min_t(u64, look_at, LONG_MAX));
}

static void disarm_soft(struct container *c)
{
	WRITE_ONCE(c->soft_reached, false);
	clear_bit(CROSSED_SOFT_NOTED, &c->crossed);
	smp_mb__before_atomic(); /* nobody notes before */
	clear_bit(CROSSED_SOFT, &c->crossed);
}

/*
 * Not where figures are of a moment: an address space that execve() has made is
 * known only when it is done, long after the old one went. Nor is memory that is
 * given back because the container ends anything to tell. Caller holds c->lock.
 */
static void settle_clear(struct container *c)
{
	struct purser_figures now;

	clear_bit(WANT_CLEAR, &c->crossed);
	if (c->state == PURSER_STATE_EXITED || c->removed || !c->soft_reached ||
	    purser_member_init_is_dying(c))
		return;
	purser_meter_read(&c->meter, &now);
	if (c->soft_limit && !is_clear(c, now.usage))
		return;
	disarm_soft(c);
	if (c->soft_limit)
		purser_container_event_at(c, PURSER_EVENT_SOFT_CLEAR, &now);
	set_look_at(c);
}

/**
 * purser_memory_settle_locked() - tell of limits that were crossed
 * @c: the container
 *
 * To be called before anything else becomes of @c, under its lock.
 * Context: caller holds c->lock; runs in probes, does not sleep.
 */
void purser_memory_settle_locked(struct container *c)
{
	lockdep_assert_held(&c->lock);
	if (c->state == PURSER_STATE_EXITED || c->removed)
		return;
	if (test_bit(CROSSED_SOFT_NOTED, &c->crossed) && !c->soft_reached) {
		WRITE_ONCE(c->soft_reached, true);
		c->soft_crossings++;
		set_bit(REPORT_SOFT, &c->crossed);
		purser_container_event_at(c, PURSER_EVENT_SOFT_LIMIT,
					  &c->soft_crossing.at);
	}
	if (smp_load_acquire(&c->hard_killed) && !c->hard_reached) {
		c->hard_reached = true;
		if (c->cause == PURSER_CAUSE_HARD_LIMIT)
			c->state = PURSER_STATE_KILLING;
		set_bit(REPORT_HARD, &c->crossed);
		purser_container_event_at(c, PURSER_EVENT_HARD_LIMIT,
					  &c->hard_crossing.at);
	}
	set_look_at(c);
}

/**
 * purser_memory_report() - the kernel's log lines of limits crossed
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_report(struct container *c)
{
	const struct purser_crossing *soft = &c->soft_crossing;
	const struct purser_crossing *hard = &c->hard_crossing;

	if (test_and_clear_bit(REPORT_SOFT, &c->crossed))
		pr_info("soft limit container=%s pid=%d usage=%llu limit=%llu\n",
			c->name, pid_nr(c->pid), soft->at.usage, soft->limit);
	if (test_and_clear_bit(REPORT_HARD, &c->crossed))
		pr_info("hard limit container=%s pid=%d usage=%llu limit=%llu\n",
			c->name, pid_nr(c->pid), hard->at.usage, hard->limit);
}

/* @measured: the figures are those of all address spaces there are. */
static void settle(struct container *c, bool measured)
{
	bool kill;

	spin_lock(&c->lock);
	purser_memory_settle_locked(c);
	if (measured)
		settle_clear(c);
	/* From now on what is forked dies by the fork probe's hand. */
	kill = c->hard_reached && c->state != PURSER_STATE_EXITED;
	spin_unlock(&c->lock);
	if (kill)
		purser_member_kill(c);
	purser_memory_report(c);
}

/*
 * The address space of a process, by any thread that has it still: the leader may
 * have exited before the others. With a reference, or NULL. Under rcu_read_lock().
 */
static struct mm_struct *grab_mm(struct container *c,
				 struct task_struct *leader)
{
	struct mm_struct *mm = NULL;
	struct task_struct *t;

	for_each_thread(leader, t) {
		task_lock(t);
		mm = t->flags & PF_KTHREAD ? NULL : t->mm;
		if (mm)
			mmgrab(mm);
		task_unlock(t);
		if (!mm)
			continue;
		purser_meter_check_cgroup(&c->meter, t);
		break;
	}
	return mm;
}

/* One process: its address space, exactly, and its CPU time. */
static void measure_member(struct container *c, struct member *m,
			   struct task_struct *leader)
{
	struct mm_struct *mm = grab_mm(c, leader);
	struct purser_mm *t = NULL;

	spin_lock(&c->lock);
	if (!m->gone) {
		purser_member_count_cpu_locked(m, leader);
		purser_rss_set_locked(m, mm);
		t = m->mm;
	}
	spin_unlock(&c->lock);
	if (t) /* RCU keeps it */
		purser_rss_refresh(t);
	if (mm)
		mmdrop(mm);
}

/**
 * purser_memory_measure() - bring a container's figures up to date, exactly
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_measure(struct container *c)
{
	struct task_struct *leader;
	struct member *m;

	rcu_read_lock();
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (leader)
			measure_member(c, m, leader);
	}
	purser_meter_raise_peak(&c->meter, purser_meter_usage(&c->meter));
	rcu_read_unlock();
}

/**
 * purser_memory_check() - measure a container and hold it to its limits, now
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_check(struct container *c)
{
	purser_memory_measure(c);
	rcu_read_lock();
	if (purser_meter_rss(&c->meter) >= READ_ONCE(c->look_at))
		examine(c, false);
	if (test_bit(CROSSED_HARD_NOTED, &c->crossed))
		kill_for_limit(c);
	rcu_read_unlock();
	settle(c, true);
}

/* --- Page faults of containers that share much --- */

#ifdef PURSER_HAVE_PAGE_FAULT
static struct purser_probe fault_probes[] = {
	{ .name = "page_fault_user", .func = purser_memory_on_page_fault },
	{ .name = "page_fault_kernel", .func = purser_memory_on_page_fault },
};

static inline void check_probes(void)
{
	check_trace_callback_type_page_fault_user(purser_memory_on_page_fault);
	check_trace_callback_type_page_fault_kernel(
		purser_memory_on_page_fault);
}

static struct purser_probe_group fault_group = {
	.probes = fault_probes,
	.count = ARRAY_SIZE(fault_probes),
};
#else
static inline void check_probes(void)
{
}

static struct purser_probe_group fault_group;
#endif

/* Protects container->gray and the group; inside the table's mutex. */
static DEFINE_MUTEX(gray_mutex);

/* Context: process context. */
static void set_gray(struct container *c, bool gray)
{
	mutex_lock(&gray_mutex);
	if (gray && !c->gray && !READ_ONCE(c->removed)) {
		/* Where it cannot be had the sweep has to do. */
		if (!purser_probe_get(&fault_group))
			WRITE_ONCE(c->gray, true);
	} else if (!gray && c->gray) {
		WRITE_ONCE(c->gray, false);
		purser_probe_put(&fault_group);
	}
	mutex_unlock(&gray_mutex);
}

/* Context: workqueue. Holds a reference, see crossed_irq(). */
static void crossed_work(struct work_struct *work)
{
	struct container *c = container_of(work, struct container,
					   crossed_work);

	if (c->crossed & (BIT(WANT_CLEAR) | BIT(WANT_EXACT)))
		purser_memory_check(c);
	else
		settle(c, false);
	if (test_bit(WANT_FAULTS, &c->crossed) && !READ_ONCE(c->gray))
		set_gray(c, true);
	purser_container_put(c);
}

/* What a container that is far from its limits can do without. */
static void relax(struct container *c)
{
	long rss = purser_meter_rss(&c->meter);
	long look_at = READ_ONCE(c->look_at);

	if (rss < look_at) {
		set_gray(c, false);
		clear_bit(WANT_FAULTS, &c->crossed);
	}
	if (rss < look_at - 2 * error_of(c)) {
		WRITE_ONCE(c->near, false);
		clear_bit(WANT_EXACT, &c->crossed);
	}
}

static void sweep(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweep_work, sweep);

/* Runs as long as a container lives; purser_memory_start() wakes it up. */
static void sweep(struct work_struct *work)
{
	struct purser_table_stats stats;
	struct container *c;
	u64 id = 0;

	while ((c = purser_container_after(id))) {
		id = c->id;
		if (READ_ONCE(c->adopted) &&
		    READ_ONCE(c->state) != PURSER_STATE_EXITED) {
			purser_memory_check(c);
			relax(c);
		}
		purser_container_put(c);
		cond_resched();
	}
	purser_table_stats(&stats);
	if (stats.live)
		queue_delayed_work(purser_wq, &sweep_work,
				   msecs_to_jiffies(READ_ONCE(sweep_ms)));
}

/**
 * purser_memory_prepare() - for a new container, before anybody can find it
 * @c: the container
 */
void purser_memory_prepare(struct container *c)
{
	c->look_at = LONG_MAX;
	init_irq_work(&c->crossed_irq, crossed_irq);
	INIT_WORK(&c->crossed_work, crossed_work);
}

/* Threads of all members, as far as they are in the table. */
static unsigned int count_threads(struct container *c)
{
	struct task_struct *leader;
	unsigned int threads = 0;
	struct member *m;

	rcu_read_lock();
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (leader)
			threads += READ_ONCE(leader->signal->nr_threads);
	}
	rcu_read_unlock();
	return threads;
}

/**
 * purser_memory_start() - from here on a container is held to its limits
 * @c: the container, whose members are known now
 * @init: its init
 *
 * Context: process context.
 */
void purser_memory_start(struct container *c, struct task_struct *init)
{
	purser_meter_own_cgroup(&c->meter, init, count_threads(c));
	spin_lock(&c->lock);
	c->adopted = true;
	set_look_at(c);
	spin_unlock(&c->lock);
	purser_memory_check(c);
	queue_delayed_work(purser_wq, &sweep_work,
			   msecs_to_jiffies(READ_ONCE(sweep_ms)));
}

/**
 * purser_memory_release() - a container has left the live part of the table
 * @c: the container, which takes no more members
 *
 * Context: process context, under the table's mutex.
 */
void purser_memory_release(struct container *c)
{
	purser_memory_report(c);
	set_gray(c, false);
}

/**
 * purser_memory_init() - find the tracepoints that are not everywhere
 */
void __init purser_memory_init(void)
{
	check_probes();
	if (purser_probe_find(&fault_group))
		pr_info("no page fault tracepoints: memory that is shared no more is seen each sweep_ms\n");
}

/**
 * purser_memory_stop() - at the module's end: no container lives
 *
 * Interrupts that a probe has raised just before the last container went have
 * queued their work when this returns.
 */
void purser_memory_stop(void)
{
	wait_var_event(&in_flight, !atomic_read(&in_flight));
	cancel_delayed_work_sync(&sweep_work);
}
