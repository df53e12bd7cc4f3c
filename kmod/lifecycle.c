// SPDX-License-Identifier: GPL-2.0
/*
 * The lives of a container's processes, as probes see them, and why it ended.
 *
 *   register -> starting --exec--> running --+- its end comes ---------> exited
 *                                            +- stop -> stopping ------> exited
 *                                            +- hard limit -> killing -> exited
 *
 * A container with a pid namespace ends with its init, any other one with its last
 * member. The first cause is set in the record before a signal is sent; death only
 * reads it. The exit probe takes the status of init. A work item does what has to
 * sleep (retire.c).
 */
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

#include "adopt.h"
#include "crossing.h"
#include "killer.h"
#include "lifecycle.h"
#include "limits.h"
#include "member.h"
#include "retire.h"
#include "rss.h"
#include "table.h"

/**
 * purser_lifecycle_on_fork() - probe of sched_process_fork
 * @unused: the probe's data: NULL
 * @parent: the task that forked
 * @child: the new task, not woken yet
 *
 * Context: the parent's, no locks held. A look-up and, for the child of a member, one
 * atomic allocation under the container's lock.
 */
void purser_lifecycle_on_fork(void *unused, struct task_struct *parent,
			      struct task_struct *child)
{
	struct purser_member *m, *new = NULL;
	struct purser_container *c = NULL;
	struct purser_mm *mm, *old;

	if (!thread_group_leader(child))
		return;
	rcu_read_lock();
	m = purser_member_find(task_tgid(parent));
	if (m)
		c = m->container;
	else /* it may have entered the namespace: nsenter(1) */
		c = purser_table_of_ns(task_active_pid_ns(child));
	/*
	 * The child does not run yet, so it keeps its address space. A vfork() from
	 * outside, into the namespace, brings memory that is not the container's.
	 */
	if (c)
		new = purser_adopt_member(c, child, child->mm,
					  !m && child->mm == parent->mm);
	mm = new ? READ_ONCE(new->mm) : NULL;
	old = m ? READ_ONCE(m->mm) : NULL;
	if (mm && old && mm != old)
		purser_rss_inherit(mm, old);
	if (mm)
		purser_crossing_grown(c, mm);
	rcu_read_unlock();
}

/* A member has another address space, and an init that is its start, once. */
static void start_program(struct purser_container *c, struct purser_member *m,
			  struct mm_struct *mm)
{
	spin_lock(&c->lock);
	if (m->gone)
		goto out;
	purser_limits_settle_locked(c);
	m->foreign_mm = false;
	if (!purser_rss_set_locked(c, &m->mm, mm) && m->mm)
		purser_crossing_grown(c, m->mm);
	purser_crossing_shrunk(c);
	if (c->pid == m->pid && !c->started_at) {
		c->started_at = ktime_get_boottime_ns();
		if (c->state == PURSER_STATE_STARTING)
			c->state = PURSER_STATE_RUNNING;
		purser_container_event(c, PURSER_EVENT_STARTED);
	}
out:
	spin_unlock(&c->lock);
}

/**
 * purser_lifecycle_on_exec() - probe of sched_process_exec
 * @unused: the probe's data: NULL
 * @task: the process, by any of its threads
 * @old_pid: unused
 * @bprm: unused
 *
 * Context: the caller of execve(), no locks held. A look-up; for a member its
 * container's lock and an atomic allocation.
 */
void purser_lifecycle_on_exec(void *unused, struct task_struct *task,
			      pid_t old_pid, struct linux_binprm *bprm)
{
	struct purser_member *m;

	rcu_read_lock();
	m = purser_member_find(task_tgid(task));
	if (m)
		start_program(m->container, m, task->mm);
	rcu_read_unlock();
}

/*
 * The sender of the signal that ended it. A signal from the module is the kernel's,
 * but for one that the module sends in the context of a process that asked for a stop.
 * Caller holds c->lock.
 */
static void set_killer(struct purser_container *c,
		       const struct purser_killer *sender)
{
	c->has_killer = true;
	if (!sender->pid && c->cause == PURSER_CAUSE_STOP &&
	    c->signal == c->requested_signal)
		c->killer = c->requester;
	else
		c->killer = *sender;
}

/*
 * Init is dead. @status: as wait() would show it; @sender: of the signal, or NULL if
 * there was none or the probe has not seen it. Caller holds c->lock.
 */
static void set_init_dead(struct purser_container *c, int status,
			  const struct purser_killer *sender)
{
	WRITE_ONCE(c->init_dead, true);
	c->signal = status & 0x7f;
	if (!c->signal)
		c->exit_code = (status >> 8) & 0xff;
	if (sender)
		set_killer(c, sender);
	c->outlived = c->cause == PURSER_CAUSE_NONE && !list_empty(&c->members);
}

/*
 * If members outlived an init that ended before there was a cause, then the status of
 * init does not say how they ended: a hard limit is the reason whatever it is.
 */
static bool hard_limit_ended_it(const struct purser_container *c)
{
	return c->cause == PURSER_CAUSE_HARD_LIMIT &&
	       (c->signal == SIGKILL || (!c->has_pidns && c->outlived));
}

/* Caller holds c->lock. */
static void set_ended(struct purser_container *c)
{
	c->state = PURSER_STATE_EXITED;
	c->exited_at = ktime_get_boottime_ns();
	if (c->cause == PURSER_CAUSE_STOP)
		c->reason = PURSER_REASON_STOPPED;
	else if (hard_limit_ended_it(c))
		c->reason = PURSER_REASON_HARD_LIMIT_KILLED;
	else if (c->oom_scope && c->signal == SIGKILL)
		c->reason = PURSER_REASON_OOM_KILLED;
	else if (c->signal)
		c->reason = PURSER_REASON_KILLED;
	else
		c->reason = PURSER_REASON_EXITED;
	purser_container_event(c, PURSER_EVENT_EXITED);
}

/* As wait_task_zombie() has it: the group's status, else the leader's. */
static int exit_status(const struct task_struct *task)
{
	if (task->signal->flags & SIGNAL_GROUP_EXIT)
		return task->signal->group_exit_code;
	return task->group_leader->exit_code;
}

/*
 * The OOM killer holds this lock of its victim from before it sends SIGKILL until
 * it has marked it. If the tracepoint comes before exit_mm(), which waits for the same
 * lock, then the victim could be here before the mark.
 */
static void wait_for_oom_killer(struct task_struct *task)
{
	task_lock(task->group_leader);
	task_unlock(task->group_leader);
}

/*
 * A process of @c has died. Returns true if @c has ended and has no members any more.
 * Caller holds c->lock.
 */
static bool member_died(struct purser_container *c, struct purser_member *m,
			struct task_struct *task, int status,
			const struct purser_killer *sender)
{
	const bool is_init = m->pid == c->pid;

	purser_limits_settle_locked(c);
	purser_meter_raise_peak(&c->meter, purser_meter_usage(&c->meter));
	purser_member_count_cpu_locked(m, task);
	purser_member_remove_locked(m);
	if (is_init)
		set_init_dead(c, status, sender);
	if (c->init_dead && c->state != PURSER_STATE_EXITED &&
	    (c->has_pidns || list_empty(&c->members)))
		set_ended(c);
	purser_crossing_shrunk(c);
	if (c->state != PURSER_STATE_EXITED)
		return false;
	if (list_empty(&c->members))
		return true;
	/* They may not wait for the death of init to end them, see kill.c. */
	if (!READ_ONCE(c->killed)) {
		WRITE_ONCE(c->killed, true);
		purser_crossing_queue(c);
	}
	return false;
}

/**
 * purser_lifecycle_on_exit() - probe of sched_process_exit
 * @unused: the probe's data: NULL
 * @task: the process, by any of its threads
 *
 * Called for every thread; a process is dead when its last thread is. Two
 * threads that exit together may both find it dead: the second finds no member.
 *
 * Context: the exiting thread, no locks held. A look-up; for a
 * member, its container's lock and the queueing of a work item, for an init its
 * siglock and task_lock() before that, one after the other.
 */
void purser_lifecycle_on_exit(void *unused, struct task_struct *task)
{
	struct purser_killer sender;
	struct purser_container *c;
	struct purser_member *m;
	bool last = false;
	bool seen = false;
	int status;

	if (!purser_member_group_dead(task))
		return;
	rcu_read_lock();
	m = purser_member_find(task_tgid(task));
	if (!m)
		goto out;
	c = m->container;
	status = exit_status(task);
	if (m->pid == READ_ONCE(c->pid) && status & 0x7f) {
		seen = purser_killer_read(c, task, status & 0x7f, &sender);
		wait_for_oom_killer(task);
	}
	spin_lock(&c->lock);
	/* Look again: the member may have been removed before we had the lock. */
	if (purser_member_find(task_tgid(task)) == m)
		last = member_died(c, m, task, status, seen ? &sender : NULL);
	spin_unlock(&c->lock);
	if (last)
		purser_retire_queue(c);
out:
	rcu_read_unlock();
}
