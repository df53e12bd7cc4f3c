// SPDX-License-Identifier: GPL-2.0
/*
 * Sending SIGKILL. The module sends every SIGKILL from this file.
 *
 * The cause of an end decides which reason the record gives. It never decides whether
 * SIGKILL is sent. When the init of a pid namespace dies, the kernel kills the other
 * processes of the namespace, but only after init has finished its exit: a tracer can
 * hold init in its exit stop, and a core dump into a pipe lasts as long as the reader of
 * the pipe wants. Therefore every member gets its own SIGKILL, whatever state init is in.
 *
 * A killed container may continue to fork for a moment. Its @killed is set before the
 * signals are sent. A new process either is in the list of members before SIGKILL is
 * sent to the list under RCU, or the code that adds it sees @killed
 * (purser_adopt_member()).
 */
#include <linux/sched/signal.h>

#include "compat.h"
#include "kill.h"
#include "member.h"

/**
 * purser_kill_process() - send SIGKILL to one process
 * @pid: of its thread group; the process may be dead
 *
 * Context: any, including interrupts, but not with siglock or tasklist_lock held.
 */
void purser_kill_process(struct pid *pid)
{
	kill_pid(pid, SIGKILL, 1);
}

/* Is the tracer of @t a member of a killed container? Caller holds rcu_read_lock(). */
static bool tracer_is_killed(const struct task_struct *t)
{
	struct purser_member *m;

	if (!READ_ONCE(t->ptrace))
		return false;
	m = purser_member_find(task_tgid(rcu_dereference(t->parent)));
	return m && READ_ONCE(m->container->killed);
}

/*
 * Wake the threads of a killed process that wait in their exit stop for a tracer that
 * was killed too.
 *
 * If its tracer has asked for that (PTRACE_O_TRACEEXIT), a killed thread stops once more
 * during its exit and waits for the tracer. It has had its SIGKILL, and another SIGKILL
 * does not wake it. If members trace each other, each waits for another one and none of
 * them would ever die.
 *
 * Caller holds rcu_read_lock().
 */
static void leave_exit_stops(struct pid *pid)
{
	struct task_struct *leader = pid_task(pid, PIDTYPE_TGID);
	struct sighand_struct *sighand;
	struct task_struct *t;
	unsigned long flags;

	sighand = leader ? rcu_dereference(leader->sighand) : NULL;
	if (!sighand)
		return;
	spin_lock_irqsave(&sighand->siglock, flags);
	/* The process may have been reaped, and its sighand freed and used again. */
	if (sighand == rcu_access_pointer(leader->sighand) &&
	    purser_signal_is_final(leader->signal)) {
		for_each_thread(leader, t) {
			if (tracer_is_killed(t))
				purser_leave_traced_stop(t);
		}
	}
	spin_unlock_irqrestore(&sighand->siglock, flags);
}

/* Kill init, even if it is not a member any more. Caller holds rcu_read_lock(). */
static void kill_init(struct purser_container *c)
{
	struct pid *pid = READ_ONCE(c->pid);

	if (pid)
		purser_kill_process(pid);
}

/* An interrupt kills at most this number of threads; a work item kills the others. */
#define AT_ONCE 256

/**
 * purser_kill_at_once() - send SIGKILL to the first members of a container
 * @c: the container, whose @killed is set
 *
 * The function kills init first and the current process second, because the current
 * process is usually the one that takes memory. Then it kills members up to AT_ONCE
 * threads. The caller must queue a work item that calls purser_kill_all().
 *
 * Context: any, including interrupts, but not with siglock or tasklist_lock held.
 */
void purser_kill_at_once(struct purser_container *c)
{
	struct task_struct *leader;
	struct purser_member *m;
	int left = AT_ONCE;

	rcu_read_lock();
	kill_init(c);
	m = purser_member_find(task_tgid(current));
	if (m && m->container == c)
		purser_kill_process(m->pid);
	list_for_each_entry_rcu(m, &c->members, sibling) {
		leader = pid_task(m->pid, PIDTYPE_TGID);
		if (!leader)
			continue;
		left -= READ_ONCE(leader->signal->nr_threads);
		if (left < 0)
			break;
		purser_kill_process(m->pid);
	}
	rcu_read_unlock();
}

/**
 * purser_kill_all() - send SIGKILL to every member
 * @c: the container, whose @killed is set
 *
 * A member reaches its exit stop only after its SIGKILL. Therefore each sweep calls this
 * again until all members are dead.
 *
 * Context: process context; no locks held.
 */
void purser_kill_all(struct purser_container *c)
{
	struct purser_member *m;

	rcu_read_lock();
	kill_init(c);
	list_for_each_entry_rcu(m, &c->members, sibling) {
		purser_kill_process(m->pid);
		leave_exit_stops(m->pid);
	}
	rcu_read_unlock();
}
