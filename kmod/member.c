// SPDX-License-Identifier: GPL-2.0
/*
 * Membership: which processes belong to which container.
 *
 * A process is a member when it lives in the container's pid namespace or one
 * nested in it or, where the container has no namespace of its own, when it
 * descends from its init. Members are learned when the container is registered
 * and from the fork tracepoint; they go at the exit tracepoint (lifecycle.c).
 *
 * The hash table is read under RCU, also in interrupts: its size is fixed, since a
 * table that is being moved cannot be read on the CPU that moves it. A member is
 * added and removed under its container's lock and freed after a grace period.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/rculist_bl.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "crossing.h"
#include "member.h"
#include "rss.h"

#define TABLE_BITS 14

/* Lists are changed under the lock of their bucket, and read under RCU. */
static struct hlist_bl_head *table;
static atomic_t total = ATOMIC_INIT(0);

static struct hlist_bl_head *bucket_of(const struct pid *pid)
{
	return &table[hash_ptr(pid, TABLE_BITS)];
}

/* Under rcu_read_lock(), or the lock of the bucket. */
static struct member *find_in(struct hlist_bl_head *bucket,
			      const struct pid *pid)
{
	struct hlist_bl_node *node;
	struct member *m;

	hlist_bl_for_each_entry_rcu(m, node, bucket, node)
		if (m->pid == pid)
			return m;
	return NULL;
}

/**
 * purser_member_find() - the member whose thread group's pid is @pid, or NULL
 * @pid: of a thread group
 *
 * Context: under rcu_read_lock(); any, also interrupts.
 */
struct member *purser_member_find(struct pid *pid)
{
	return find_in(bucket_of(pid), pid);
}

/**
 * purser_member_group_dead() - has the last thread of @task's process exited
 * @task: the process, by any of its threads
 *
 * Set before the exit tracepoint of that thread is reached.
 */
bool purser_member_group_dead(const struct task_struct *task)
{
	return atomic_read(&task->signal->live) == 0;
}

static void free_member(struct rcu_head *rcu)
{
	struct member *m = container_of(rcu, struct member, rcu);

	put_pid(m->pid);
	kfree(m);
}

/**
 * purser_member_remove_locked() - take a member out; caller holds its
 * @m: the member
 *
 * container's lock
 */
void purser_member_remove_locked(struct member *m)
{
	struct hlist_bl_head *bucket = bucket_of(m->pid);

	lockdep_assert_held(&m->container->lock);
	hlist_bl_lock(bucket);
	hlist_bl_del_rcu(&m->node);
	hlist_bl_unlock(bucket);
	list_del_rcu(&m->sibling);
	purser_rss_set_locked(m, NULL);
	m->gone = true;
	m->container->processes--;
	atomic_dec(&total);
	call_rcu(&m->rcu, free_member);
}

/**
 * purser_member_add_locked() - make @task's process a member of @c
 * @c: the container
 * @task: the process, by any of its threads
 * @mm: its address space; NULL: found out when the container is measured
 *
 * Context: caller holds c->lock and keeps @task and @mm in memory; runs in probes,
 * does not sleep.
 * Return: 0 also where it is a member already; -ESRCH where the process is dead,
 * -ENOENT where the container takes no more members, -EBUSY where the process
 * is another container's, -ENOMEM.
 */
int purser_member_add_locked(struct container *c, struct task_struct *task,
			     struct mm_struct *mm)
{
	struct hlist_bl_head *bucket = bucket_of(task_tgid(task));
	struct member *m, *old;

	lockdep_assert_held(&c->lock);
	if (c->removed)
		return -ENOENT;
	m = kzalloc(sizeof(*m), GFP_ATOMIC);
	if (!m)
		return -ENOMEM;
	m->container = c;
	m->pid = get_pid(task_tgid(task));
	hlist_bl_lock(bucket);
	old = find_in(bucket, m->pid);
	if (!old)
		hlist_bl_add_head_rcu(&m->node, bucket);
	hlist_bl_unlock(bucket);
	if (old) {
		put_pid(m->pid);
		kfree(m);
		return old->container == c ? 0 : -EBUSY;
	}
	list_add_tail_rcu(&m->sibling, &c->members);
	c->processes++;
	atomic_inc(&total);
	/*
	 * The process may have died before it could be found in the table. Its
	 * count of live threads fell before its exit probe looked it up: one of
	 * the two, the probe or we, sees what the other did.
	 */
	smp_mb();
	if (purser_member_group_dead(task)) {
		purser_member_remove_locked(m);
		return -ESRCH;
	}
	if (mm && !purser_rss_set_locked(m, mm) && m->mm)
		purser_crossing_grown(c, m->mm);
	return 0;
}

/**
 * purser_member_remove_all_locked() - let go of all processes, for good
 * @c: the container; caller holds its lock
 */
void purser_member_remove_all_locked(struct container *c)
{
	struct member *m, *next;

	lockdep_assert_held(&c->lock);
	c->removed = true;
	list_for_each_entry_safe(m, next, &c->members, sibling)
		purser_member_remove_locked(m);
}

/*
 * Add what a walk or a probe has found. A process that has died or was somebody
 * else's first is none of ours; one that there is no memory for is told of. What
 * a container that was killed has forked meanwhile dies too: either it is in the
 * list of members before memory.c, having had the lock, sends SIGKILL to all of
 * them, or it is seen here that this was done.
 *
 * @borrows: its address space is that of a process outside; see struct member
 *
 * Context: under rcu_read_lock(), also in probes; no locks held, since a signal
 * takes siglock.
 */
static void add(struct container *c, struct task_struct *task,
		struct mm_struct *mm, bool borrows)
{
	bool kill;
	int err;

	spin_lock(&c->lock);
	err = purser_member_add_locked(c, task, borrows ? NULL : mm);
	if (!err && borrows)
		purser_member_find(task_tgid(task))->borrows = true;
	kill = !err && purser_container_is_killed(c);
	spin_unlock(&c->lock);
	if (kill)
		kill_pid(task_tgid(task), SIGKILL, 1);
	if (err == -ENOMEM)
		pr_warn_ratelimited("no memory to track pid=%d container=%s\n",
				    task_tgid_nr(task), c->name);
}

/* Does @task belong to @c? Under rcu_read_lock(). */
static bool belongs(const struct container *c, struct task_struct *task)
{
	struct pid_namespace *ns;

	if (c->pidns) {
		for (ns = task_active_pid_ns(task); ns; ns = ns->parent)
			if (ns == c->pidns)
				return true;
		return false;
	}
	for (; task_tgid_nr(task) > 1;
	     task = rcu_dereference(task->real_parent))
		if (task_tgid(task) == c->pid)
			return true;
	return false;
}

/**
 * purser_member_adopt() - find the members that run already
 * @c: the container
 *
 * The fork probe is attached and the container is in the table when this runs.
 * New tasks go to the tail of the kernel's list, so that a child which the probe
 * missed, because its parent was not known yet, is met by this walk.
 *
 * Context: process context.
 */
void purser_member_adopt(struct container *c)
{
	struct task_struct *task;

	rcu_read_lock();
	for_each_process(task) {
		if (belongs(c, task))
			add(c, task, NULL, false);
	}
	rcu_read_unlock();
}

/**
 * purser_member_on_fork() - probe of sched_process_fork
 * @unused: the probe's data: NULL
 * @parent: who forked
 * @child: the new task, not woken yet
 *
 * Context: the parent's, no locks held. A look-up and, for the
 * child of a member, one atomic allocation under the container's lock.
 */
void purser_member_on_fork(void *unused, struct task_struct *parent,
			   struct task_struct *child)
{
	struct container *c = NULL;
	struct member *m;

	if (!thread_group_leader(child))
		return;
	rcu_read_lock();
	m = purser_member_find(task_tgid(parent));
	if (m)
		c = m->container;
	else /* it may have entered the namespace: nsenter(1) */
		c = purser_container_of_ns(task_active_pid_ns(child));
	/*
	 * Nobody else has @child yet, so it keeps what it has. A vfork() from
	 * outside, into the namespace, brings memory that is not the container's.
	 */
	if (c)
		add(c, child, child->mm, !m && child->mm == parent->mm);
	rcu_read_unlock();
}

/**
 * purser_member_count_cpu_locked() - add what a process has used since the last
 * @m: the member
 * @leader: any thread of the process
 *
 * time to its container's CPU time
 * Context: caller holds the container's lock and rcu_read_lock().
 */
void purser_member_count_cpu_locked(struct member *m,
				    struct task_struct *leader)
{
	struct task_struct *t;
	u64 used;

	lockdep_assert_held(&m->container->lock);
	/*
	 * Threads that were reaped are in the sum, the others in the list. One
	 * that moves from the one to the other meanwhile may be missed: the
	 * next look finds it, and the time never runs backwards.
	 */
	used = READ_ONCE(leader->signal->sum_sched_runtime);
	for_each_thread(leader, t)
		used += READ_ONCE(t->se.sum_exec_runtime);
	if (used > m->cpu_time) {
		m->container->cpu_time += used - m->cpu_time;
		m->cpu_time = used;
	}
}

/**
 * purser_member_kill() - SIGKILL to the whole container
 * @c: the container
 *
 * Its init where it has a namespace, which dies with it; else every member.
 * Context: process context; no locks held, since signals take siglock.
 */
void purser_member_kill(struct container *c)
{
	struct member *m;

	if (c->pidns) {
		kill_pid(c->pid, SIGKILL, 1);
		return;
	}
	rcu_read_lock();
	list_for_each_entry_rcu(m, &c->members, sibling)
		kill_pid(m->pid, SIGKILL, 1);
	rcu_read_unlock();
}

/* So many threads are killed in an interrupt; the others soon after it. */
#define AT_ONCE 256

/**
 * purser_member_kill_at_once() - SIGKILL to whoever can go on taking memory
 * @c: the container
 *
 * The first is init, the second the caller: it is mostly the one that does so.
 * Context: any, also an interrupt; no locks of signals held.
 */
void purser_member_kill_at_once(struct container *c)
{
	struct task_struct *leader;
	int left = AT_ONCE;
	struct member *m;

	kill_pid(c->pid, SIGKILL, 1);
	rcu_read_lock();
	m = purser_member_find(task_tgid(current));
	if (m && m->container == c)
		kill_pid(m->pid, SIGKILL, 1);
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (!leader)
			continue;
		left -= READ_ONCE(leader->signal->nr_threads);
		if (left < 0)
			break;
		kill_pid(m->pid, SIGKILL, 1);
	}
	rcu_read_unlock();
}

/**
 * purser_member_init_is_dying() - is the end of @c's init decided
 * @c: the container
 *
 * By a fatal signal, whose ever, by exit_group(), or because its last thread exits;
 * its exit probe is to come, or was there.
 */
bool purser_member_init_is_dying(const struct container *c)
{
	struct task_struct *init;
	bool dying;

	rcu_read_lock();
	init = pid_task(c->pid, PIDTYPE_TGID);
	dying = !init || purser_member_group_dead(init) ||
		READ_ONCE(init->signal->flags) & SIGNAL_GROUP_EXIT;
	rcu_read_unlock();
	return dying;
}

unsigned int purser_member_total(void)
{
	return atomic_read(&total);
}

/**
 * purser_member_is_current() - does the calling process live in a container
 */
bool purser_member_is_current(void)
{
	bool inside;

	rcu_read_lock();
	inside = purser_member_find(task_tgid(current)) ||
		 purser_container_of_ns(task_active_pid_ns(current));
	rcu_read_unlock();
	return inside;
}

int __init purser_member_init(void)
{
	table = kvcalloc(1 << TABLE_BITS, sizeof(*table), GFP_KERNEL);
	return table ? 0 : -ENOMEM;
}

/**
 * purser_member_free() - at the module's end, when no container has members
 */
void purser_member_free(void)
{
	rcu_barrier();
	kvfree(table);
}
