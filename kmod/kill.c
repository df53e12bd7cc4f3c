// SPDX-License-Identifier: GPL-2.0
/*
 * SIGKILL: every one that the module sends leaves from here.
 *
 * A cause decides which reason the record gives, never whether SIGKILL is sent. The
 * death of a pid namespace's init kills the other processes of the namespace, but only
 * when that init has got through its exit: a tracer can hold it in its exit stop, and
 * a core dump to a slow pipe takes as long as the reader likes. So every member gets
 * its own SIGKILL, whatever state init is in.
 *
 * A killed container may go on forking for a moment. Its @killed is set before the
 * signals leave. A new process is either in the list of members before SIGKILL is sent
 * to the list under RCU, or the code that adds it sees @killed (purser_adopt_member()).
 */
#include <linux/sched/signal.h>

#include "compat.h"
#include "kill.h"
#include "member.h"

/**
 * purser_kill_process() - SIGKILL to one process
 * @pid: of its thread group; it may be dead
 *
 * Context: any, also an interrupt, but not inside siglock or tasklist_lock.
 */
void purser_kill_process(struct pid *pid)
{
	kill_pid(pid, SIGKILL, 1);
}

/* Does the tracer of @t live in a container that was killed? Under rcu_read_lock(). */
static bool tracer_is_killed(const struct task_struct *t)
{
	struct purser_member *m;

	if (!READ_ONCE(t->ptrace))
		return false;
	m = purser_member_find(task_tgid(rcu_dereference(t->parent)));
	return m && READ_ONCE(m->container->killed);
}

/*
 * A thread that is killed stops once more in its exit if its tracer has asked for that,
 * and waits for the tracer. SIGKILL, which it has got, does not wake it up again. If
 * members trace each other, then each waits for another one: nobody would ever die.
 *
 * Under rcu_read_lock().
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
	/* It may have been reaped, and be another process' by now. */
	if (sighand == rcu_access_pointer(leader->sighand) &&
	    purser_signal_is_final(leader->signal)) {
		for_each_thread(leader, t) {
			if (tracer_is_killed(t))
				purser_leave_traced_stop(t);
		}
	}
	spin_unlock_irqrestore(&sighand->siglock, flags);
}

/* The pid of init, even if init is no member any more. Under rcu_read_lock(). */
static void kill_init(struct purser_container *c)
{
	struct pid *pid = READ_ONCE(c->pid);

	if (pid)
		purser_kill_process(pid);
}

/* An interrupt kills at most so many threads; a work item kills the others. */
#define AT_ONCE 256

/**
 * purser_kill_at_once() - SIGKILL to the members that can go on taking memory
 * @c: the container, whose @killed is set
 *
 * The first is init, the second the caller: it is mostly the caller that takes
 * memory. The caller has to queue a work item that calls purser_kill_all().
 *
 * Context: any, also an interrupt, but not inside siglock or tasklist_lock.
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
 * purser_kill_all() - SIGKILL to every member
 * @c: the container, whose @killed is set
 *
 * A member reaches its exit stop only after SIGKILL: each sweep comes here again until
 * all are dead.
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
