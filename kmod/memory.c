// SPDX-License-Identifier: GPL-2.0
/*
 * Measuring the memory of containers, exactly and in process context.
 *
 * A limit is enforced in these steps:
 *
 *   probe       rss_stat, in the page fault: adds the pages, compares with the limits
 *               and notes a crossing with its figures and its task; takes no lock
 *   interrupt   an irq_work, moments later on the same CPU: sets the cause of the end and
 *               sends SIGKILL for a hard limit; takes no lock of the module
 *   settling    under the container's lock: changes the state and logs events. A work
 *               item does it, or the code that takes the lock before the work item runs
 *   sweep       every sweep_ms: measures exactly, and so finds the changes that no
 *               tracepoint reports
 *   count       counts lazily freed pages, if they could hide a crossing
 *
 * The first two steps are in crossing.c, the third is in limits.c, the others are here.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include "adopt.h"
#include "compat.h"
#include "crossing.h"
#include "lazyfree.h"
#include "limits.h"
#include "member.h"
#include "memory.h"
#include "param.h"
#include "rss.h"
#include "table.h"
#include "unshare.h"
#include "work.h"

static unsigned int sweep_ms = 1000;
PURSER_PARAM_UINT(sweep_ms, 10, 60000, 0644);
MODULE_PARM_DESC(
	sweep_ms,
	"milliseconds between two checks of each container's memory (10 to 60000, default 1000)");

/* Counting lazily freed pages takes at most 1/COUNT_SHARE of a CPU's time. */
#define COUNT_SHARE 10

/*
 * Get the address space of a process, with a reference, or NULL. @owner becomes a thread
 * that still uses it, because the leader may have exited before the other threads. Caller
 * holds rcu_read_lock().
 */
static struct mm_struct *grab_mm(struct task_struct *leader,
				 struct task_struct **owner)
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
		*owner = t;
		break;
	}
	return mm;
}

/*
 * Update what is known of one process: its cgroup, its CPU time and the exact pages of
 * its address space. Caller holds rcu_read_lock().
 */
static void measure_member(struct purser_container *c, struct purser_member *m,
			   struct task_struct *leader)
{
	struct purser_mm *seen = READ_ONCE(m->mm);
	struct task_struct *thread = leader;
	struct mm_struct *mm = grab_mm(leader, &thread);
	struct purser_mm *t = NULL;

	spin_lock(&c->lock);
	if (!m->gone) {
		purser_member_count_cpu_locked(m, leader);
		purser_member_locate_locked(m, thread);
		/* execve() may have given it a new address space meanwhile. */
		if (m->mm == seen && !m->foreign_mm)
			purser_rss_set_locked(c, &m->mm, mm);
		t = m->mm;
	}
	spin_unlock(&c->lock);
	if (t) /* RCU keeps it in memory */
		purser_rss_refresh(t);
	if (mm)
		mmdrop(mm);
}

/**
 * purser_memory_measure() - update a container's figures exactly
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_measure(struct purser_container *c)
{
	struct task_struct *leader;
	struct purser_member *m;

	rcu_read_lock();
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (leader)
			measure_member(c, m, leader);
	}
	purser_meter_raise_peak(&c->meter, purser_meter_usage(&c->meter));
	rcu_read_unlock();
}

/*
 * Add to @pages the pages that the threads of all members have not added to their
 * counters yet. On kernels where a thread keeps some pages in a counter of its own, many
 * threads can keep many pages. Caller holds rcu_read_lock().
 */
static void sum_tasks(struct purser_container *c, long pages[PURSER_N_KINDS])
{
	struct task_struct *leader, *t;
	struct purser_member *m;

	if (!PURSER_TASKS_KEEP_PAGES)
		return;
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (!leader)
			continue;
		for_each_thread(leader, t)
			purser_rss_add_task(pages, t);
	}
}

/**
 * purser_memory_check() - measure a container now and enforce its limits
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_check(struct purser_container *c)
{
	const bool near = READ_ONCE(c->limits.near);
	long extra[PURSER_N_KINDS] = {};

	/* The next sweep looks at changes from here on. */
	WRITE_ONCE(c->meter.changed, false);
	smp_mb(); /* read the counters after that */
	if (xchg(&c->incomplete, false))
		purser_adopt_running(c);
	purser_memory_measure(c);
	if (near)
		WRITE_ONCE(c->limits.exact, true);
	rcu_read_lock();
	sum_tasks(c, extra);
	purser_crossing_examine_with(c, extra, false);
	purser_crossing_enforce(c);
	rcu_read_unlock();
	purser_limits_settle(c, true);
}

static void count_lazily_freed(struct work_struct *work);
static DECLARE_DELAYED_WORK(count_work, count_lazily_freed);
static ktime_t next_count; /* earliest time of the next; only count_work writes */

/* Have count_lazily_freed() run, at next_count or now. Context: any but NMI. */
static void queue_count(void)
{
	s64 wait = ktime_ms_delta(READ_ONCE(next_count), ktime_get());

	queue_delayed_work(purser_wq, &count_work,
			   msecs_to_jiffies(max_t(s64, wait, 0)));
}

/* Fill @list with the containers that have WANT_COUNT set, each with a reference. */
static unsigned int find_wanting(struct purser_container **list,
				 unsigned int max)
{
	struct purser_container *c;
	unsigned int n = 0;
	u64 id = 0;

	while (n < max && (c = purser_table_after(id))) {
		id = c->id;
		if (test_bit(WANT_COUNT, &c->limits.bits))
			list[n++] = c;
		else
			purser_container_put(c);
		cond_resched();
	}
	return n;
}

/* Count the lazily freed pages of the @n containers in @list, and check their limits. */
static void count_for(struct purser_container **list, unsigned int n)
{
	struct purser_lazyfree *count = purser_lazyfree_begin(n);
	unsigned int i;

	if (!count) /* the next sweep tries again */
		return;
	for (i = 0; i < n; i++)
		purser_lazyfree_add(count, &list[i]->meter);
	purser_lazyfree_run(count);
	purser_lazyfree_end(count);
	for (i = 0; i < n; i++) {
		clear_bit(WANT_COUNT, &list[i]->limits.bits);
		purser_memory_check(list[i]);
	}
}

/* Workqueue context. */
static void count_lazily_freed(struct work_struct *work)
{
	const ktime_t begin = ktime_get();
	struct purser_container **list;
	struct purser_table_stats stats;
	unsigned int i, n;
	ktime_t now;

	purser_table_stats(&stats);
	list = kvcalloc(stats.live, sizeof(*list), GFP_KERNEL);
	if (ZERO_OR_NULL_PTR(list))
		return;
	n = find_wanting(list, stats.live);
	if (n)
		count_for(list, n);
	for (i = 0; i < n; i++)
		purser_container_put(list[i]);
	kvfree(list);
	now = ktime_get();
	WRITE_ONCE(next_count,
		   ktime_add(now, ktime_sub(now, begin) * (COUNT_SHARE - 1)));
}

/* Wake the readers of memory.events, once, if kills were counted there. */
static void give_notice(struct purser_container *c)
{
	struct purser_cgroup *cgroup;

	if (!test_bit(WANT_NOTICE, &c->limits.bits))
		return;
	rcu_read_lock();
	cgroup = purser_cgroup_get(rcu_dereference(c->meter.cgroup));
	rcu_read_unlock();
	if (cgroup && test_and_clear_bit(WANT_NOTICE, &c->limits.bits))
		purser_cgroup_notify_kill(cgroup);
	purser_cgroup_put(cgroup);
}

/* Workqueue context. Owns a reference, see purser_crossing_irq(). */
static void crossed_work(struct work_struct *work)
{
	struct purser_container *c = container_of(work, struct purser_container,
						  crossed_work);

	if (READ_ONCE(c->limits.bits) & (BIT(WANT_CLEAR) | BIT(WANT_EXACT)))
		purser_memory_check(c);
	else
		purser_limits_settle(c, false);
	if (test_bit(WANT_FAULTS, &c->limits.bits) &&
	    !READ_ONCE(c->limits.watched))
		purser_unshare_watch(c, true);
	if (test_bit(WANT_COUNT, &c->limits.bits))
		queue_count();
	give_notice(c);
	purser_container_put(c);
}

/* End the costly steps for a container that is far from its limits again. */
static void end_costly_steps(struct purser_container *c)
{
	long rss = purser_meter_rss(&c->meter);
	long check_at = READ_ONCE(c->limits.check_at);

	if (rss < check_at)
		clear_bit(WANT_COUNT, &c->limits.bits);
	else if (test_bit(WANT_COUNT, &c->limits.bits))
		queue_count();
	if (rss < purser_crossing_watch_from(c)) {
		clear_bit(WANT_FAULTS, &c->limits.bits);
		purser_unshare_watch(c, false);
	} else if (test_bit(WANT_FAULTS, &c->limits.bits)) {
		purser_unshare_watch(c, true); /* again, if it failed before */
	}
	if (READ_ONCE(c->limits.near) &&
	    rss < check_at - 2 * purser_crossing_margin(c)) {
		/* The code that sets @near again must find the bit clear. */
		clear_bit(WANT_EXACT, &c->limits.bits);
		smp_mb__after_atomic();
		WRITE_ONCE(c->limits.exact, false);
		WRITE_ONCE(c->limits.near, false);
	}
}

/*
 * The most pages that a thread can keep in its own counter: those of 64 faults, and a
 * fault in a file that is in memory maps up to 16 pages.
 */
#define TASK_PAGES 1024

/* May the uncounted pages of threads hide that usage has crossed a limit? */
static bool tasks_may_hide_crossing(struct purser_container *c)
{
	return PURSER_TASKS_KEEP_PAGES &&
	       purser_meter_rss(&c->meter) +
			       (long)purser_member_threads(c) * TASK_PAGES >=
		       READ_ONCE(c->limits.check_at);
}

/*
 * Must the sweep check this container? It skips containers that have not changed, so
 * that a thousand sleeping containers cost next to nothing.
 */
static bool is_due(struct purser_container *c)
{
	if (!READ_ONCE(c->adopted))
		return false;
	if (READ_ONCE(c->killed) || READ_ONCE(c->incomplete))
		return true;
	return READ_ONCE(c->state) != PURSER_STATE_EXITED &&
	       (READ_ONCE(c->meter.changed) || !purser_crossing_is_watched(c) ||
		tasks_may_hide_crossing(c));
}

static void sweep_all(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweep_work, sweep_all);

/* Workqueue context. Repeats while a container is live; see purser_memory_start(). */
static void sweep_all(struct work_struct *work)
{
	struct purser_table_stats stats;
	struct purser_container *c;
	u64 id = 0;

	while ((c = purser_table_after(id))) {
		id = c->id;
		if (is_due(c)) {
			purser_memory_check(c);
			end_costly_steps(c);
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
 * purser_memory_prepare() - initialize a new container, before it is in the table
 * @c: the container
 */
void purser_memory_prepare(struct purser_container *c)
{
	purser_limits_prepare(c);
	init_irq_work(&c->crossed_irq, purser_crossing_irq);
	INIT_WORK(&c->crossed_work, crossed_work);
}

/*
 * Find the container's own cgroup. Threads start and exit while this function counts them
 * in the table and in the cgroup. So it may not recognize the cgroup at the first try.
 */
static struct purser_cgroup *find_cgroup(struct purser_container *c,
					 struct task_struct *init)
{
	struct purser_cgroup *cgroup = NULL;
	int tries;

	for (tries = 0; tries < 5 && !cgroup; tries++) {
		cond_resched();
		cgroup = purser_cgroup_find(init, purser_member_threads(c));
	}
	return cgroup;
}

/**
 * purser_memory_start() - begin to enforce a container's limits
 * @c: the container, whose members are known now
 * @init: its init
 *
 * Context: process context.
 */
void purser_memory_start(struct purser_container *c, struct task_struct *init)
{
	struct purser_cgroup *cgroup = find_cgroup(c, init);

	spin_lock(&c->lock);
	if (!c->removed) {
		rcu_assign_pointer(c->meter.cgroup, cgroup);
		cgroup = NULL;
	}
	WRITE_ONCE(c->adopted, true);
	purser_limits_set_check_locked(c);
	spin_unlock(&c->lock);
	purser_cgroup_put(cgroup);
	purser_memory_check(c);
	queue_delayed_work(purser_wq, &sweep_work,
			   msecs_to_jiffies(READ_ONCE(sweep_ms)));
}

/**
 * purser_memory_release() - drop what the accounting of a live container holds
 * @c: the container, which takes no more members
 *
 * Context: process context, under the table's mutex.
 */
void purser_memory_release(struct purser_container *c)
{
	struct purser_cgroup *cgroup;

	purser_limits_cancel(c);
	purser_limits_report(c);
	purser_unshare_watch(c, false);
	give_notice(c); /* the work item may come later */
	spin_lock(&c->lock);
	cgroup = rcu_replace_pointer(c->meter.cgroup, NULL,
				     lockdep_is_held(&c->lock));
	spin_unlock(&c->lock);
	purser_cgroup_put(cgroup);
}

/**
 * purser_memory_stop() - stop all work items, at unload, when no container is live
 */
void purser_memory_stop(void)
{
	cancel_delayed_work_sync(&sweep_work);
	purser_crossing_stop();
	/* A work item that an interrupt has queued may queue count_work. */
	flush_workqueue(purser_wq);
	cancel_delayed_work_sync(&count_work);
}
