// SPDX-License-Identifier: GPL-2.0
/*
 * Adding members to a container: processes that were just forked, and processes that
 * were running before the container was registered.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/pid_namespace.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "adopt.h"
#include "kill.h"
#include "member.h"

/**
 * purser_adopt_member() - add a process that a probe or a walk has found
 * @c: the container
 * @task: the process, by any of its threads
 * @mm: its address space; NULL: the next measurement finds it
 * @foreign_mm: the process shares the address space of a process outside the
 *	container until it calls execve()
 *
 * The function ignores a process that has died, or that is already a member of this or
 * of another container. If there is no memory to track the process, the next sweep
 * looks for it again. If the container was killed, the function also kills the new
 * member; see kill.c.
 *
 * Context: under rcu_read_lock(); runs in probes too. The caller holds no locks,
 * because sending a signal takes siglock.
 * Return: the member, for as long as the caller holds rcu_read_lock(), or NULL.
 */
struct purser_member *purser_adopt_member(struct purser_container *c,
					  struct task_struct *task,
					  struct mm_struct *mm, bool foreign_mm)
{
	struct purser_member *m = NULL;
	bool kill;
	int err;

	spin_lock(&c->lock);
	err = purser_member_add_locked(c, task, foreign_mm ? NULL : mm);
	if (!err) {
		m = purser_member_find(task_tgid(task));
		if (foreign_mm)
			m->foreign_mm = true;
	}
	if (err == -ENOMEM)
		WRITE_ONCE(c->incomplete, true);
	kill = !err && READ_ONCE(c->killed);
	spin_unlock(&c->lock);
	if (kill)
		purser_kill_process(task_tgid(task));
	if (err == -ENOMEM)
		pr_warn_ratelimited(
			"no memory to track pid=%d container=%s yet\n",
			task_tgid_nr(task), c->name);
	return m;
}

/*
 * Does @task belong to @c? For a container without a pid namespace, one look-up is
 * enough: a parent stands before its children in the kernel's list of processes, so the
 * walk has already added the parent. Caller holds rcu_read_lock().
 */
static bool belongs(const struct purser_container *c, struct task_struct *task)
{
	struct pid_namespace *ns;
	struct purser_member *parent;

	if (c->has_pidns) {
		for (ns = task_active_pid_ns(task); ns; ns = ns->parent)
			if (ns == READ_ONCE(c->pidns))
				return true;
		return false;
	}
	parent = purser_member_find(
		task_tgid(rcu_dereference(task->real_parent)));
	return parent && parent->container == c;
}

/* A walk lets other tasks run after this number of processes. */
#define WALK_BATCH 1024

/*
 * Leave the RCU read section for a moment and come back to @task.
 * Return: false if @task has left the list meanwhile; the walk then has no place to
 * continue from.
 */
static bool pause_walk(struct task_struct *task)
{
	bool listed;

	get_task_struct(task);
	rcu_read_unlock();
	cond_resched();
	rcu_read_lock();
	listed = pid_alive(task);
	put_task_struct(task);
	return listed;
}

/**
 * purser_adopt_running() - add the members that are running already
 * @c: the container
 *
 * When this runs, the fork probe is attached and the container is in the table. The
 * kernel adds new processes at the tail of its list. Therefore this walk also finds a
 * child that the probe missed because its parent was not a member yet. A walk that
 * loses its place starts again; members that it has added stay members.
 *
 * Context: process context.
 */
void purser_adopt_running(struct purser_container *c)
{
	struct task_struct *task;
	unsigned int seen;

	rcu_read_lock();
again:
	seen = 0;
	for_each_process(task) {
		if (belongs(c, task))
			purser_adopt_member(c, task, NULL, false);
		if (++seen % WALK_BATCH == 0 && !pause_walk(task))
			goto again;
	}
	rcu_read_unlock();
}
