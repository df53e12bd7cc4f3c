// SPDX-License-Identifier: GPL-2.0
/*
 * Probes of fork, exec and exit. They move a container from state to state and find out
 * why it ended.
 *
 *   register -> starting --exec--> running --+- it ends by itself -----> exited
 *                                            +- stop -> stopping ------> exited
 *                                            +- hard limit -> killing -> exited
 *
 * A container with a pid namespace ends when its init dies. Any other container ends when
 * its last member dies. The module stores the cause of an end in the record before it
 * sends a signal; the exit probe only reads it. The exit probe also takes the exit status
 * of init. A work item does what has to sleep (retire.c).
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
 * @child: the new task, which does not run yet
 *
 * Context: that of the parent, no locks held. Costs a look-up and, for the child of a
 * member, one atomic allocation under the container's lock.
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
	else /* the parent may have entered the namespace, like nsenter(1) */
		c = purser_table_of_ns(task_active_pid_ns(child));
	/*
	 * The child does not run yet, so its address space cannot change. If the parent
	 * is outside the container and calls vfork(), the child shares memory that does
	 * not belong to the container.
	 */
	if (c)
		new = purser_adopt_member(c, child, child->mm,
					  !m && child->mm == parent->mm);
	if (new && !m)
		WRITE_ONCE(new->entered, true);
	mm = new ? READ_ONCE(new->mm) : NULL;
	old = m ? READ_ONCE(m->mm) : NULL;
	if (mm && old && mm != old)
		purser_rss_inherit(mm, old);
	if (mm)
		purser_crossing_grown(c, mm);
	rcu_read_unlock();
}

/*
 * A member has called execve(): it has a new address space. The first execve() of init
 * starts the container. Caller holds rcu_read_lock().
 */
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
 * Context: that of the caller of execve(), no locks held. Costs a look-up and, for a
 * member, an atomic allocation under its container's lock.
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
 * Store the sender of the signal that ended init. The probe sees a signal from the module
 * as one from the kernel. But if the module sent it for a stop, the killer is the process
 * that requested the stop. Caller holds c->lock.
 */
static void set_killer(struct purser_container *c,
		       const struct purser_killer *sender)
{
	c->has_killer = true;
	if (!sender->pid && c->cause == PURSER_CAUSE_STOP &&
	    c->requested_signals & BIT_ULL(c->signal - 1))
		c->killer = c->requester;
	else
		c->killer = *sender;
}

/*
 * Store how init died. @status: as wait() shows it; @sender: the sender of the fatal
 * signal, or NULL if there was no signal or the probe has not seen it. Caller holds
 * c->lock.
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
 * Is the hard limit the reason of the end? If init died before there was a cause, and
 * members outlived it, then the exit status of init does not matter: it does not say how
 * these members ended.
 */
static bool hard_limit_ended_it(const struct purser_container *c)
{
	return c->cause == PURSER_CAUSE_HARD_LIMIT &&
	       (c->signal == SIGKILL || (!c->has_pidns && c->outlived));
}

/* Enter the end of the container, and its reason. Caller holds c->lock. */
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
	purser_container_count_end(c->reason);
	purser_container_event(c, PURSER_EVENT_EXITED);
}

/* The exit status of a process, computed as in wait_task_zombie(). */
static int exit_status(const struct task_struct *task)
{
	if (task->signal->flags & SIGNAL_GROUP_EXIT)
		return task->signal->group_exit_code;
	return task->group_leader->exit_code;
}

/*
 * Wait until the OOM killer has marked this process, if it is a victim. The OOM killer
 * takes task_lock() of its victim before it sends SIGKILL and releases it after it has
 * marked the victim. exit_mm() waits for the same lock. But on kernels where the exit
 * tracepoint comes before exit_mm(), the victim could get here before the mark.
 */
static void wait_for_oom_killer(struct task_struct *task)
{
	task_lock(task->group_leader);
	task_unlock(task->group_leader);
}

/*
 * Remove a dead process from @c and end @c if necessary. Returns true if @c has ended and
 * has no members left. Caller holds c->lock.
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
	/* Kill the other members too: the death of init may come late, see kill.c. */
	if (!READ_ONCE(c->killed)) {
		WRITE_ONCE(c->killed, true);
		purser_crossing_queue(c);
	}
	return false;
}

/*
 * A member is dead. Returns false if the process has become a member of another container
 * before this function had the lock (purser_member_move_locked()); the caller must look
 * again. Caller holds rcu_read_lock().
 */
static bool take_exit(struct purser_member *m, struct task_struct *task)
{
	struct purser_container *c = m->container;
	const int status = exit_status(task);
	struct purser_killer sender;
	struct purser_member *now;
	bool last = false;
	bool seen = false;

	if (m->pid == READ_ONCE(c->pid) && status & 0x7f) {
		seen = purser_killer_read(c, task, status & 0x7f, &sender);
		wait_for_oom_killer(task);
	}
	spin_lock(&c->lock);
	/* The member may have been removed before we had the lock. */
	now = purser_member_find(task_tgid(task));
	if (now == m)
		last = member_died(c, m, task, status, seen ? &sender : NULL);
	spin_unlock(&c->lock);
	if (last)
		purser_retire_queue(c);
	return now == m || !now;
}

/**
 * purser_lifecycle_on_exit() - probe of sched_process_exit
 * @unused: the probe's data: NULL
 * @task: the process, by any of its threads
 *
 * The kernel calls it for every thread. A process is dead when its last thread is dead.
 * Two threads that exit at the same time may both find the process dead; the second one
 * finds no member.
 *
 * Context: that of the exiting thread, no locks held. Costs a look-up. For a member it
 * takes the container's lock and may queue a work item. For an init it takes siglock and
 * task_lock() before that, one after the other.
 */
void purser_lifecycle_on_exit(void *unused, struct task_struct *task)
{
	struct purser_member *m;

	if (!purser_member_group_dead(task))
		return;
	rcu_read_lock();
	do
		m = purser_member_find(task_tgid(task));
	while (m && !take_exit(m, task));
	rcu_read_unlock();
}
