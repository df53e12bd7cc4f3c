// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: what a container uses, and what its limits make of that.
 *
 * A sweep measures every live container each sweep_ms. The figure is the sum of
 * the RSS of its members' memory descriptors, each counted once.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "main.h"
#include "member.h"
#include "memory.h"
#include "param.h"

static unsigned int sweep_ms = 100;
PURSER_PARAM_UINT(sweep_ms, 10, 60000, 0644);
MODULE_PARM_DESC(
	sweep_ms,
	"milliseconds between two looks at each container's memory (10 to 60000, default 100)");

/* The memory descriptors met while one container is measured. */
#define SEEN_BITS 10
static DEFINE_HASHTABLE(seen, SEEN_BITS);
static DEFINE_SPINLOCK(seen_lock);

/* What one look at a container found; applied under its lock. */
enum verdict {
	VERDICT_SOFT = BIT(0),
	VERDICT_HARD = BIT(1),
	VERDICT_KILL = BIT(2),
};

/*
 * RSS of the process, unless its descriptor was met before: vfork() and
 * CLONE_VM share one among processes. The address of a descriptor is only ever
 * compared, never followed without its owner's lock.
 *
 * Caller holds seen_lock and rcu_read_lock().
 */
static unsigned long member_pages(struct member *m, struct task_struct *leader)
{
	unsigned long pages = 0;
	struct mm_struct *mm = NULL;
	struct task_struct *t;
	struct member *other;

	/* The leader may have exited before its other threads. */
	for_each_thread(leader, t) {
		task_lock(t);
		mm = t->flags & PF_KTHREAD ? NULL : t->mm;
		if (mm)
			pages = purser_mm_rss_pages(mm);
		task_unlock(t);
		if (mm)
			break;
	}
	if (!mm)
		return 0;
	hash_for_each_possible(seen, other, seen, (unsigned long)mm)
		if (other->seen_mm == mm)
			return 0;
	m->seen_mm = mm;
	hash_add(seen, &m->seen, (unsigned long)mm);
	return pages;
}

/* Bytes of RSS of all members; also brings their CPU time up to date. */
static u64 measure(struct container *c)
{
	struct task_struct *leader;
	struct member *m;
	u64 pages = 0;

	spin_lock(&seen_lock);
	hash_init(seen);
	rcu_read_lock();
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (!leader)
			continue;
		pages += member_pages(m, leader);
		spin_lock(&c->lock);
		if (!c->removed)
			purser_member_count_cpu_locked(m, leader);
		spin_unlock(&c->lock);
	}
	rcu_read_unlock();
	spin_unlock(&seen_lock);
	return pages << PAGE_SHIFT;
}

/* Soft limit: one event when it is reached, re-armed below 7/8 of it. */
static unsigned int judge_soft(struct container *c)
{
	if (!c->soft_limit) {
		c->soft_reached = false;
		return 0;
	}
	if (!c->soft_reached && c->usage >= c->soft_limit) {
		c->soft_reached = true;
		c->soft_crossings++;
		purser_container_event(c, PURSER_EVENT_SOFT_LIMIT);
		return VERDICT_SOFT;
	}
	if (c->soft_reached && c->usage < c->soft_limit - c->soft_limit / 8) {
		c->soft_reached = false;
		purser_container_event(c, PURSER_EVENT_SOFT_CLEAR);
	}
	return 0;
}

/*
 * Hard limit: once above it there is no way back. A stop that was asked for
 * first stays the reason, and what is dying anyway is left to that. SIGKILL is repeated while members are left, since one
 * may have forked while it was sent.
 */
static unsigned int judge_hard(struct container *c)
{
	if (c->hard_reached)
		return VERDICT_KILL;
	if (!c->hard_limit || c->usage <= c->hard_limit ||
	    purser_member_init_is_dying(c))
		return 0;
	c->hard_reached = true;
	if (c->cause == PURSER_CAUSE_NONE) {
		c->cause = PURSER_CAUSE_HARD_LIMIT;
		c->state = PURSER_STATE_KILLING;
	}
	purser_container_event(c, PURSER_EVENT_HARD_LIMIT);
	return VERDICT_HARD | VERDICT_KILL;
}

/**
 * purser_memory_check() - measure a container and hold it to its limits, now
 * @c: the container
 *
 * Context: process context, no locks held.
 */
void purser_memory_check(struct container *c)
{
	unsigned int verdict = 0;
	u64 soft = 0, hard = 0;
	u64 rss = measure(c);

	spin_lock(&c->lock);
	if (c->state != PURSER_STATE_EXITED && !c->removed) {
		c->rss = rss;
		c->usage = rss;
		c->peak = max(c->peak, rss);
		soft = c->soft_limit;
		hard = c->hard_limit;
		verdict = judge_soft(c) | judge_hard(c);
	}
	spin_unlock(&c->lock);

	if (verdict & VERDICT_KILL)
		purser_member_kill(c);
	if (verdict & VERDICT_SOFT)
		pr_info("soft limit container=%s pid=%d usage=%llu limit=%llu\n",
			c->name, pid_nr(c->pid), rss, soft);
	if (verdict & VERDICT_HARD)
		pr_info("hard limit container=%s pid=%d usage=%llu limit=%llu\n",
			c->name, pid_nr(c->pid), rss, hard);
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
		/* Half of a container is not held to its limits. */
		if (READ_ONCE(c->adopted) &&
		    READ_ONCE(c->state) != PURSER_STATE_EXITED)
			purser_memory_check(c);
		purser_container_put(c);
		cond_resched();
	}
	purser_table_stats(&stats);
	if (stats.live)
		queue_delayed_work(purser_wq, &sweep_work,
				   msecs_to_jiffies(READ_ONCE(sweep_ms)));
}

/**
 * purser_memory_start() - there is a container to look after
 */
void purser_memory_start(void)
{
	queue_delayed_work(purser_wq, &sweep_work,
			   msecs_to_jiffies(READ_ONCE(sweep_ms)));
}

/**
 * purser_memory_stop() - at the module's end
 */
void purser_memory_stop(void)
{
	cancel_delayed_work_sync(&sweep_work);
}
