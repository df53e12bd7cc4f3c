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
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include "crossing.h"
#include "main.h"
#include "member.h"
#include "memory.h"
#include "param.h"
#include "rss.h"
#include "unshare.h"

static unsigned int sweep_ms = 1000;
PURSER_PARAM_UINT(sweep_ms, 10, 60000, 0644);
MODULE_PARM_DESC(
	sweep_ms,
	"milliseconds between two looks at each container's memory (10 to 60000, default 1000)");

/* From which RSS on there is something to be seen; caller holds c->lock. */
static void set_look_at(struct container *c)
{
	u64 look_at = U64_MAX;

	if (c->soft_limit && !c->soft_reached)
		look_at = (c->soft_limit >> PAGE_SHIFT) +
			  !!offset_in_page(c->soft_limit);
	if (c->hard_limit && !c->hard_reached)
		look_at = min(look_at, (c->hard_limit >> PAGE_SHIFT) + 1);
	if (c->adopted) /* half of a container is not held to its limits */
		WRITE_ONCE(c->look_at, min_t(u64, look_at, LONG_MAX));
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
	if (c->soft_limit && !purser_crossing_is_clear(c, now.usage))
		return;
	purser_crossing_disarm_soft(c);
	if (c->soft_limit)
		purser_container_event_at(c, PURSER_EVENT_SOFT_CLEAR, &now);
	set_look_at(c);
}

/* A limit that was raised just now was not crossed. Caller holds c->lock. */
static void settle_soft(struct container *c)
{
	if (!c->soft_limit || c->soft_crossing.at.usage < c->soft_limit) {
		purser_crossing_disarm_soft(c);
		return;
	}
	WRITE_ONCE(c->soft_reached, true);
	c->soft_crossings++;
	set_bit(REPORT_SOFT, &c->crossed);
	purser_container_event_at(c, PURSER_EVENT_SOFT_LIMIT,
				  &c->soft_crossing.at);
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
	if (test_bit_acquire(CROSSED_SOFT_NOTED, &c->crossed) &&
	    !c->soft_reached)
		settle_soft(c);
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
 * purser_memory_changed_locked() - the limits are others
 * @c: the container, which was measured just now
 *
 * A soft limit that usage has not reached can be crossed.
 * Context: caller holds c->lock.
 */
void purser_memory_changed_locked(struct container *c)
{
	struct purser_figures now;

	purser_meter_read(&c->meter, &now);
	if (c->soft_reached && c->soft_limit && now.usage < c->soft_limit) {
		purser_crossing_disarm_soft(c);
		purser_container_event_at(c, PURSER_EVENT_SOFT_CLEAR, &now);
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
	/*
	 * In the interrupt only so many were killed, and init may have died of it
	 * before. From now on what is forked dies by the fork probe's hand.
	 */
	kill = READ_ONCE(c->hard_killed) && !c->removed &&
	       (!c->pidns || c->state != PURSER_STATE_EXITED);
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
	struct purser_mm *seen = READ_ONCE(m->mm);
	struct mm_struct *mm = grab_mm(c, leader);
	struct purser_mm *t = NULL;

	spin_lock(&c->lock);
	if (!m->gone) {
		purser_member_count_cpu_locked(m, leader);
		/* execve() may have given it another one meanwhile. */
		if (m->mm == seen && !m->borrows)
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
	const bool near = READ_ONCE(c->near);

	/* What changes from here on is for the next sweep. */
	WRITE_ONCE(c->meter.changed, false);
	smp_mb(); /* the counters are read after that */
	purser_memory_measure(c);
	if (near)
		WRITE_ONCE(c->exact, true);
	rcu_read_lock();
	if (purser_meter_rss(&c->meter) >= READ_ONCE(c->look_at))
		purser_crossing_examine(c, false);
	if (test_bit_acquire(CROSSED_HARD_NOTED, &c->crossed))
		purser_crossing_kill(c);
	rcu_read_unlock();
	settle(c, true);
}

/* Context: workqueue. Holds a reference, see purser_crossing_irq(). */
static void crossed_work(struct work_struct *work)
{
	struct container *c = container_of(work, struct container,
					   crossed_work);

	if (READ_ONCE(c->crossed) & (BIT(WANT_CLEAR) | BIT(WANT_EXACT)))
		purser_memory_check(c);
	else
		settle(c, false);
	if (test_bit(WANT_FAULTS, &c->crossed) && !READ_ONCE(c->gray))
		purser_unshare_watch(c, true);
	purser_container_put(c);
}

/* What a container that is far from its limits can do without. */
static void relax(struct container *c)
{
	long rss = purser_meter_rss(&c->meter);
	long look_at = READ_ONCE(c->look_at);

	if (rss < look_at) {
		clear_bit(WANT_FAULTS, &c->crossed);
		purser_unshare_watch(c, false);
	} else if (test_bit(WANT_FAULTS, &c->crossed)) {
		purser_unshare_watch(c, true); /* if it failed the first time */
	}
	if (READ_ONCE(c->near) &&
	    rss < look_at - 2 * (purser_crossing_error(c) + PURSER_NEAR)) {
		/* Who comes near again has to find the bit clear. */
		clear_bit(WANT_EXACT, &c->crossed);
		smp_mb__after_atomic();
		WRITE_ONCE(c->exact, false);
		WRITE_ONCE(c->near, false);
	}
}

/* A thousand containers that sleep cost a sweep next to nothing. */
static bool is_due(struct container *c)
{
	if (!READ_ONCE(c->adopted) ||
	    READ_ONCE(c->state) == PURSER_STATE_EXITED)
		return false;
	return READ_ONCE(c->meter.changed) || !purser_crossing_is_watched(c);
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
void purser_memory_prepare(struct container *c)
{
	c->look_at = LONG_MAX;
	init_irq_work(&c->crossed_irq, purser_crossing_irq);
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

/*
 * Threads come and go while they are counted, here and there: a cgroup that is the
 * container's own may not look like it the first time.
 */
static struct purser_cgroup *find_cgroup(struct container *c,
					 struct task_struct *init)
{
	struct purser_cgroup *cgroup = NULL;
	int tries;

	for (tries = 0; tries < 5 && !cgroup; tries++) {
		cond_resched();
		cgroup = purser_cgroup_find(init, count_threads(c));
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
void purser_memory_start(struct container *c, struct task_struct *init)
{
	struct purser_cgroup *cgroup = find_cgroup(c, init);

	spin_lock(&c->lock);
	if (!c->removed) {
		rcu_assign_pointer(c->meter.cgroup, cgroup);
		cgroup = NULL;
	}
	WRITE_ONCE(c->adopted, true);
	set_look_at(c);
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
void purser_memory_release(struct container *c)
{
	struct purser_cgroup *cgroup;

	purser_memory_report(c);
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
}
