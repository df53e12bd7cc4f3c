// SPDX-License-Identifier: GPL-2.0
/*
 * Membership: which process belongs to which container.
 *
 * If the container has a pid namespace of its own, its members are the processes in that
 * namespace and in those nested in it. Otherwise its members are its init and the
 * descendants of init. The module finds members when the container is registered
 * (adopt.c) and at the fork tracepoint. It removes them at the exit tracepoint
 * (lifecycle.c).
 *
 * Readers use the hash table under RCU, also in interrupts. Its size is fixed, because an
 * interrupt could not read a resizable table on the CPU that is just resizing it. A
 * member is added and removed under its container's lock and freed after an RCU grace
 * period.
 */
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/rculist_bl.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "compat.h"
#include "member.h"
#include "rss.h"
#include "table.h"

#define TABLE_BITS 14

/* Writers hold the lock of a bucket; readers use RCU. */
static struct hlist_bl_head *table;
static atomic_t total = ATOMIC_INIT(0);

static struct hlist_bl_head *bucket_of(const struct pid *pid)
{
	return &table[hash_ptr(pid, TABLE_BITS)];
}

/* Caller holds rcu_read_lock() or the lock of the bucket. */
static struct purser_member *find_in(struct hlist_bl_head *bucket,
				     const struct pid *pid)
{
	struct hlist_bl_node *node;
	struct purser_member *m;

	hlist_bl_for_each_entry_rcu(m, node, bucket, node)
		if (m->pid == pid)
			return m;
	return NULL;
}

/**
 * purser_member_find() - find the member whose thread group has this pid
 * @pid: of a thread group
 *
 * Context: any, including interrupts; under rcu_read_lock().
 * Return: the member, or NULL.
 */
struct purser_member *purser_member_find(struct pid *pid)
{
	return find_in(bucket_of(pid), pid);
}

/**
 * purser_member_lookup() - find the live container whose init has this pid
 * @pid: of a thread group
 *
 * Return: the container, with a reference for the caller, or NULL.
 */
struct purser_container *purser_member_lookup(struct pid *pid)
{
	struct purser_container *c = NULL;
	struct purser_member *m;

	rcu_read_lock();
	m = purser_member_find(pid);
	if (m && READ_ONCE(m->container->pid) == pid &&
	    READ_ONCE(m->container->published) &&
	    purser_container_get(m->container))
		c = m->container;
	rcu_read_unlock();
	return c;
}

/**
 * purser_member_group_dead() - has the last thread of @task's process exited
 * @task: the process, by any of its threads
 *
 * The kernel's count of live threads falls to 0 before the last thread reaches its exit
 * tracepoint.
 */
bool purser_member_group_dead(const struct task_struct *task)
{
	return atomic_read(&task->signal->live) == 0;
}

static void free_member(struct rcu_head *rcu)
{
	struct purser_member *m = container_of(rcu, struct purser_member, rcu);

	put_pid(m->pid);
	kfree(m);
}

/**
 * purser_member_remove_locked() - remove a member from its container
 * @m: the member; the caller holds its container's lock
 */
void purser_member_remove_locked(struct purser_member *m)
{
	struct hlist_bl_head *bucket = bucket_of(m->pid);

	lockdep_assert_held(&m->container->lock);
	hlist_bl_lock(bucket);
	hlist_bl_del_rcu(&m->node);
	hlist_bl_unlock(bucket);
	list_del_rcu(&m->sibling);
	purser_rss_set_locked(m->container, &m->mm, NULL);
	m->gone = true;
	m->container->processes--;
	m->container->outside -= m->outside;
	atomic_dec(&total);
	call_rcu(&m->rcu, free_member);
}

/**
 * purser_member_locate_locked() - record whether a member is in the container's cgroup
 * @m: the member; the caller holds its container's lock
 * @task: a live thread of it
 *
 * Context: under rcu_read_lock(), also in probes.
 */
void purser_member_locate_locked(struct purser_member *m,
				 struct task_struct *task)
{
	const struct purser_cgroup *cgroup = rcu_dereference(
		m->container->meter.cgroup);
	bool outside = cgroup && !purser_cgroup_has(cgroup, task);

	lockdep_assert_held(&m->container->lock);
	m->container->outside += outside - m->outside;
	m->outside = outside;
}

/**
 * purser_member_add_locked() - make @task's process a member of @c
 * @c: the container
 * @task: the process, by any of its threads
 * @mm: its address space; NULL: the next measurement finds it
 *
 * Context: under rcu_read_lock(); the caller holds c->lock and keeps @task and @mm in
 * memory; runs in probes, does not sleep.
 * Return: 0, also if the process is a member of @c already; -ESRCH if it is dead;
 * -ENOENT if the container takes no more members; -EBUSY if the process is a member of
 * another container; -ENOMEM.
 */
int purser_member_add_locked(struct purser_container *c,
			     struct task_struct *task, struct mm_struct *mm)
{
	struct hlist_bl_head *bucket = bucket_of(task_tgid(task));
	struct purser_member *m, *old;

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
	 * The process may have died before its exit probe could find it in the
	 * table. Its count of live threads falls before the exit probe looks here.
	 * So either the probe finds the member, or this function finds the process
	 * dead.
	 */
	smp_mb();
	if (purser_member_group_dead(task)) {
		purser_member_remove_locked(m);
		return -ESRCH;
	}
	purser_member_locate_locked(m, task);
	if (mm)
		purser_rss_set_locked(c, &m->mm, mm);
	return 0;
}

/**
 * purser_member_may_move() - may a member become the init of a container of its own
 * @m: the member
 * @task: its process, by any of its threads
 *
 * A process outside all containers must have forked it into the pid namespace of its
 * container, and it must not have called execve() yet. No process in the namespace can
 * make such a member: a child of a member is never marked as entered, whatever its
 * parent is, for example after CLONE_PARENT.
 *
 * Context: under rcu_read_lock().
 */
bool purser_member_may_move(const struct purser_member *m,
			    struct task_struct *task)
{
	return READ_ONCE(m->entered) && task->flags & PF_FORKNOEXEC &&
	       task_active_pid_ns(task) == READ_ONCE(m->container->pidns);
}

/**
 * purser_member_move_locked() - make a member of a live container the first one of another
 * @old: the member, found under the present rcu_read_lock()
 * @c: a container that has no members and is not published yet
 * @task: the process of @old, by any of its threads
 *
 * The process is in the table at any moment. The exit probe may find it in one container
 * and then wait for the lock while the process moves; therefore the probe looks again.
 * Children that the process has forked before stay members of the old container.
 *
 * Context: under rcu_read_lock(); the caller holds the locks of both containers and keeps
 * @task in memory.
 * Return: 0; -ESRCH if the process is dead or dies with the old container; -EBUSY if it
 * may not move; -ENOMEM. After an error nothing has changed.
 */
int purser_member_move_locked(struct purser_member *old,
			      struct purser_container *c,
			      struct task_struct *task)
{
	struct hlist_bl_head *bucket = bucket_of(old->pid);
	struct purser_container *from = old->container;
	struct purser_member *m;

	lockdep_assert_held(&from->lock);
	lockdep_assert_held(&c->lock);
	if (old->gone || from->state == PURSER_STATE_EXITED ||
	    READ_ONCE(from->killed))
		return -ESRCH;
	if (!purser_member_may_move(old, task))
		return -EBUSY;
	m = kzalloc(sizeof(*m), GFP_ATOMIC);
	if (!m)
		return -ENOMEM;
	m->container = c;
	m->pid = get_pid(old->pid);
	m->foreign_mm = old->foreign_mm;
	/* It comes before the old one in its bucket, so look-ups find it. */
	hlist_bl_lock(bucket);
	hlist_bl_add_head_rcu(&m->node, bucket);
	hlist_bl_unlock(bucket);
	smp_mb(); /* as in purser_member_add_locked() */
	if (purser_member_group_dead(task)) {
		m->gone = true;
		hlist_bl_lock(bucket);
		hlist_bl_del_rcu(&m->node);
		hlist_bl_unlock(bucket);
		call_rcu(&m->rcu, free_member);
		return -ESRCH;
	}
	purser_member_count_cpu_locked(old, task);
	m->cpu_time = old->cpu_time; /* counted for the old container */
	list_add_tail_rcu(&m->sibling, &c->members);
	c->processes++;
	atomic_inc(&total);
	purser_member_remove_locked(old);
	purser_member_locate_locked(m, task);
	return 0;
}

/**
 * purser_member_remove_all_locked() - remove all members and take no new ones
 * @c: the container; the caller holds its lock
 */
void purser_member_remove_all_locked(struct purser_container *c)
{
	struct purser_member *m, *next;

	lockdep_assert_held(&c->lock);
	c->removed = true;
	list_for_each_entry_safe(m, next, &c->members, sibling)
		purser_member_remove_locked(m);
}

/**
 * purser_member_count_cpu_locked() - add a member's new CPU time to its container's
 * @m: the member
 * @leader: any thread of the process
 *
 * Context: the caller holds the container's lock and rcu_read_lock().
 */
void purser_member_count_cpu_locked(struct purser_member *m,
				    struct task_struct *leader)
{
	struct task_struct *t;
	u64 used;

	lockdep_assert_held(&m->container->lock);
	/*
	 * The sum holds the time of reaped threads, the list holds the other threads. A
	 * thread that is reaped meanwhile may be missed. In that case the next call
	 * counts its time. The container's CPU time never decreases.
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
 * purser_member_threads() - count the threads of all members
 * @c: the container
 */
unsigned int purser_member_threads(struct purser_container *c)
{
	struct task_struct *leader;
	unsigned int threads = 0;
	struct purser_member *m;

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
 * purser_member_end_is_decided() - is it too late to change the cause of @c's end
 * @c: the container
 *
 * It is too late if init is exiting and SIGKILL cannot change its exit status any more.
 * If a container without a pid namespace has other members, these keep it alive.
 *
 * Context: any.
 */
bool purser_member_end_is_decided(const struct purser_container *c)
{
	struct task_struct *init;
	struct pid *pid;
	bool decided;

	if (!c->has_pidns && READ_ONCE(c->processes) > !READ_ONCE(c->init_dead))
		return false;
	rcu_read_lock();
	pid = READ_ONCE(c->pid);
	init = pid ? pid_task(pid, PIDTYPE_TGID) : NULL;
	decided = !init || purser_member_group_dead(init) ||
		  purser_signal_is_final(init->signal);
	rcu_read_unlock();
	return decided;
}

unsigned int purser_member_total(void)
{
	return atomic_read(&total);
}

/**
 * purser_member_is_current() - is the calling process inside a container
 */
bool purser_member_is_current(void)
{
	bool inside;

	rcu_read_lock();
	inside = purser_member_find(task_tgid(current)) ||
		 purser_table_of_ns(task_active_pid_ns(current));
	rcu_read_unlock();
	return inside;
}

int __init purser_member_init(void)
{
	table = kvcalloc(1 << TABLE_BITS, sizeof(*table), GFP_KERNEL);
	return table ? 0 : -ENOMEM;
}

/**
 * purser_member_free() - free the table at unload, when no container has members
 */
void purser_member_free(void)
{
	rcu_barrier();
	kvfree(table);
}
