// SPDX-License-Identifier: GPL-2.0
/*
 * Measuring the memory of containers, exactly and in process context.
 *
 *   probe       rss_stat, in the page fault: adds, compares, takes a bit for a limit
 *               that was crossed, writes down the figures and the task; no lock
 *   interrupt   an irq_work, moments later on the same CPU: the cause of the end and
 *               SIGKILL for a hard limit; no lock of ours
 *   settling    under the container's lock: state, events; by a work item, or by the
 *               code that has the lock before, so that crossings come first
 *   sweep       each sweep_ms: changes that no tracepoint tells of, exactly
 *   count       pages that were freed lazily, if they could hide a crossing
 *
 * The first two are in crossing.c, the third in limits.c, the others here.
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
	"milliseconds between two looks at each container's memory (10 to 60000, default 1000)");

/* Counting lazily freed pages takes at most one part in so many of a CPU's time. */
#define COUNT_SHARE 10

/*
 * The address space of a process, with a reference, or NULL. @owner becomes the thread
 * that still has it: the leader may have exited before the others. Under
 * rcu_read_lock().
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

/* One process: its cgroup, its CPU time and, exactly, its address space. */
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
		/* execve() may have given it another one meanwhile. */
		if (m->mm == seen && !m->foreign_mm)
			purser_rss_set_locked(c, &m->mm, mm);
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
 * The pages that the threads of all members have not passed on to their counters: on
 * kernels where a thread keeps some, many threads can keep many. Under rcu_read_lock().
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
 * purser_memory_check() - measure a container and hold it to its limits, now
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_check(struct purser_container *c)
{
	const bool near = READ_ONCE(c->limits.near);
	long extra[PURSER_N_KINDS] = {};

	/* Changes from here on are for the next sweep. */
	WRITE_ONCE(c->meter.changed, false);
	smp_mb(); /* the counters are read after that */
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
static ktime_t next_count; /* not before; only the work item writes it */

static void queue_count(void)
{
	s64 wait = ktime_ms_delta(READ_ONCE(next_count), ktime_get());

	queue_delayed_work(purser_wq, &count_work,
			   msecs_to_jiffies(max_t(s64, wait, 0)));
}

/* Fill @list with the containers that want a count, each with a reference. */
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

/* Context: workqueue. */
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

/* Context: workqueue. Holds a reference, see purser_crossing_irq(). */
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
	purser_container_put(c);
}

/* A container that is far from its limits needs less. */
static void relax(struct purser_container *c)
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
		purser_unshare_watch(c, true); /* if it failed the first time */
	}
	if (READ_ONCE(c->limits.near) &&
	    rss < check_at - 2 * purser_crossing_margin(c)) {
		/* The code that comes near again has to find the bit clear. */
		clear_bit(WANT_EXACT, &c->limits.bits);
		smp_mb__after_atomic();
		WRITE_ONCE(c->limits.exact, false);
		WRITE_ONCE(c->limits.near, false);
	}
}

/*
 * A thread can keep the pages of 64 faults to itself, and a fault in a file that is in
 * memory maps up to 16 pages. It tells nobody of them.
 */
#define TASK_PAGES 1024

static bool tasks_may_hide_crossing(struct purser_container *c)
{
	return PURSER_TASKS_KEEP_PAGES &&
	       purser_meter_rss(&c->meter) +
			       (long)purser_member_threads(c) * TASK_PAGES >=
		       READ_ONCE(c->limits.check_at);
}

/* A thousand containers that sleep cost a sweep next to nothing. */
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

/* Runs as long as a container lives; purser_memory_start() wakes it up. */
static void sweep_all(struct work_struct *work)
{
	struct purser_table_stats stats;
	struct purser_container *c;
	u64 id = 0;

	while ((c = purser_table_after(id))) {
		id = c->id;
		if (is_due(c)) {
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
void purser_memory_prepare(struct purser_container *c)
{
	purser_limits_prepare(c);
	init_irq_work(&c->crossed_irq, purser_crossing_irq);
	INIT_WORK(&c->crossed_work, crossed_work);
}

/*
 * Threads come and go while they are counted, in the table and in the cgroup: a cgroup
 * that is the container's own may not look like it the first time.
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
 * purser_memory_start() - from here on a container is held to its limits
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
 * purser_memory_release() - a container has left the live part of the table
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
	spin_lock(&c->lock);
	cgroup = rcu_replace_pointer(c->meter.cgroup, NULL,
				     lockdep_is_held(&c->lock));
	spin_unlock(&c->lock);
	purser_cgroup_put(cgroup);
}

/**
 * purser_memory_stop() - at the module's end: no container lives
 */
void purser_memory_stop(void)
{
	cancel_delayed_work_sync(&sweep_work);
	purser_crossing_stop();
	/* Work that an interrupt queued may queue a count. */
	flush_workqueue(purser_wq);
	cancel_delayed_work_sync(&count_work);
}
