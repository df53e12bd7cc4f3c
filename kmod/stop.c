// SPDX-License-Identifier: GPL-2.0
/*
 * Stopping containers: mark the record, send a signal, wait for the grace period, then
 * send SIGKILL.
 *
 * Every request with a grace period kills the container when that is over. That includes
 * a request that comes too late to be the cause of the end, because a process can hang in
 * its exit for as long as it is traced. A request without force (purser_stop_gently())
 * marks the record and sends the signal, and nothing else.
 */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "kill.h"
#include "killer.h"
#include "limits.h"
#include "member.h"
#include "stop.h"
#include "work.h"

/*
 * Would @signal have no effect on @init? This is the kernel's own rule: it drops a signal
 * that is ignored, by choice or by default, and a signal whose default action would kill
 * the init of a pid namespace. But it keeps a signal that is blocked, for sigwait() or
 * signalfd().
 */
static bool has_no_effect(struct task_struct *init, int signal)
{
	struct sighand_struct *sighand;
	__sighandler_t handler = SIG_DFL;

	/* While sigwait() waits for the signal, only the second set holds it. */
	if (signal == SIGKILL || signal == SIGSTOP ||
	    sigismember(&init->blocked, signal) ||
	    sigismember(&init->real_blocked, signal))
		return false;
	rcu_read_lock();
	sighand = rcu_dereference(init->sighand);
	if (sighand)
		handler = READ_ONCE(sighand->action[signal - 1].sa.sa_handler);
	rcu_read_unlock();
	if (handler == SIG_IGN)
		return true;
	if (handler != SIG_DFL)
		return false;
	return sig_kernel_ignore(signal) ||
	       (init->signal->flags & SIGNAL_UNKILLABLE);
}

/*
 * Kill the container now. If a stop is the cause of its end, mark the stop as forced.
 * Process context, no locks held.
 */
static void force_stop(struct purser_container *c, bool no_handler)
{
	bool live;

	spin_lock(&c->lock);
	purser_limits_settle_locked(c);
	live = !c->removed;
	if (live)
		WRITE_ONCE(c->killed, true);
	if (live && c->cause == PURSER_CAUSE_STOP &&
	    c->state != PURSER_STATE_EXITED && !c->forced) {
		c->forced = true;
		c->no_handler = no_handler;
		purser_container_event(c, PURSER_EVENT_STOP_FORCED);
	}
	spin_unlock(&c->lock);
	if (live)
		purser_kill_all(c);
}

/* Workqueue context. Owns a reference, see start_grace(). */
static void grace_work(struct work_struct *work)
{
	struct purser_container *c = container_of(
		to_delayed_work(work), struct purser_container, grace_work);

	force_stop(c, false);
	purser_container_put(c);
}

/**
 * purser_stop_prepare() - initialize a new container, before it is in the table
 * @c: the container
 */
void purser_stop_prepare(struct purser_container *c)
{
	INIT_DELAYED_WORK(&c->grace_work, grace_work);
}

/**
 * purser_stop_cancel() - cancel the timer of a container's grace period
 * @c: the container, which takes no more members
 *
 * Context: process context. The function does not wait for a timer that expires at the
 * same time: that timer holds a reference and ignores a container that has ended.
 */
void purser_stop_cancel(struct purser_container *c)
{
	if (cancel_delayed_work(&c->grace_work))
		purser_container_put(c);
}

/*
 * Kill the container in @grace_ms, or earlier if an earlier request has set an earlier
 * deadline. The timer holds a reference of its own. The code that takes the container off
 * the live part of the table sets @removed under the lock and then cancels the timer, so
 * that no timer is left.
 */
static void start_grace(struct purser_container *c, unsigned int grace_ms)
{
	const unsigned long delay = msecs_to_jiffies(grace_ms);
	const unsigned long deadline = (jiffies + delay) ?: 1; /* 0: none */

	spin_lock(&c->lock);
	if (!c->removed &&
	    (!c->grace_deadline || time_before(deadline, c->grace_deadline))) {
		c->grace_deadline = deadline;
		if (!mod_delayed_work(purser_wq, &c->grace_work, delay))
			kref_get(&c->ref);
	}
	spin_unlock(&c->lock);
}

/*
 * Make a stop the cause of the container's end, if there is no cause yet.
 * Return: 0; -EALREADY if there is another cause or an earlier stop; -ESRCH if the
 * container has ended.
 */
static int mark_stopping(struct purser_container *c,
			 struct netlink_ext_ack *extack)
{
	int err = 0;

	spin_lock(&c->lock);
	purser_limits_settle_locked(c);
	if (c->state == PURSER_STATE_EXITED || c->removed) {
		NL_SET_ERR_MSG(extack, "the container has ended");
		err = -ESRCH;
	} else if (READ_ONCE(c->cause) == PURSER_CAUSE_STOP) {
		NL_SET_ERR_MSG(extack,
			       "the container is being stopped already");
		err = -EALREADY;
	} else if (READ_ONCE(c->cause) == PURSER_CAUSE_NONE &&
		   purser_member_end_is_decided(c)) {
		NL_SET_ERR_MSG(extack, "the container is ending already");
		err = -EALREADY;
	} else if (cmpxchg(&c->cause, PURSER_CAUSE_NONE, PURSER_CAUSE_STOP) !=
		   PURSER_CAUSE_NONE) {
		NL_SET_ERR_MSG(
			extack,
			"the container is being killed for its hard limit");
		err = -EALREADY;
	} else {
		purser_killer_of_current(&c->requester);
		c->state = PURSER_STATE_STOPPING;
		purser_container_event(c, PURSER_EVENT_STOP_REQUESTED);
	}
	spin_unlock(&c->lock);
	return err;
}

/*
 * Send the signal of a stop to init or, if init is dead and other members keep the
 * container alive, to all members. SIGKILL always goes to all members.
 */
static void send_signal_to(struct purser_container *c, int signal)
{
	struct purser_member *m;
	struct pid *pid;

	if (signal == SIGKILL) {
		WRITE_ONCE(c->killed, true);
		purser_kill_all(c);
		return;
	}
	rcu_read_lock();
	pid = READ_ONCE(c->pid);
	if (pid && !READ_ONCE(c->init_dead)) {
		kill_pid(pid, signal, 1);
	} else {
		list_for_each_entry_rcu(m, &c->members, sibling)
			kill_pid(m->pid, signal, 1);
	}
	rcu_read_unlock();
}

/**
 * purser_stop() - end a container with a signal, a grace period and SIGKILL
 * @c: the container; the caller holds a reference
 * @signal: 1 to 64
 * @grace_ms: time until SIGKILL, in milliseconds
 * @extack: receives the text of a refusal
 *
 * The function marks the record before it sends the first signal, so that the reason
 * cannot race. If the signal would have no effect, it sends SIGKILL at once.
 *
 * -EALREADY means that this request is not the cause of the end and that its signal was
 * not sent. Even then, SIGKILL goes to every member when the grace period is over.
 *
 * Context: process context.
 * Return: 0; -ESRCH, -EALREADY with @extack set.
 */
int purser_stop(struct purser_container *c, int signal, unsigned int grace_ms,
		struct netlink_ext_ack *extack)
{
	struct task_struct *init;
	bool no_effect = false;
	bool at_once;
	int err;

	err = mark_stopping(c, extack);
	if (err == -ESRCH)
		return err;
	init = err ? NULL : purser_container_init_task(c);
	if (init) {
		no_effect = has_no_effect(init, signal);
		put_task_struct(init);
	}
	at_once = no_effect || !grace_ms;
	if (!err) {
		spin_lock(&c->lock);
		c->requested_signals |= BIT_ULL((at_once ? SIGKILL : signal) -
						1);
		spin_unlock(&c->lock);
	}
	if (at_once) {
		force_stop(c, no_effect);
		return err;
	}
	if (!err)
		send_signal_to(c, signal);
	start_grace(c, grace_ms);
	return err;
}

/**
 * purser_stop_gently() - mark a container as stopped and send a signal; never force
 * @c: the container; the caller holds a reference
 * @signal: 1 to 64
 * @extack: receives the text of a refusal; after success it may hold a warning that the
 *	container had another cause of its end before
 *
 * The function marks the record before it sends the signal, so that the reason cannot
 * race. It starts no timer and does not look at the handlers of init. It sends the signal
 * even if it cannot mark the record, because the container is being stopped or killed
 * already.
 *
 * Context: process context.
 * Return: 0; -ESRCH with @extack set.
 */
int purser_stop_gently(struct purser_container *c, int signal,
		       struct netlink_ext_ack *extack)
{
	int err;

	err = mark_stopping(c, extack);
	if (err == -ESRCH)
		return err;
	/*
	 * Of several requests the last one is the killer, if its signal ends the
	 * container. A request that finds the end decided already is not.
	 */
	spin_lock(&c->lock);
	if (READ_ONCE(c->cause) == PURSER_CAUSE_STOP &&
	    !purser_member_end_is_decided(c)) {
		purser_killer_of_current(&c->requester);
		c->requested_signals |= BIT_ULL(signal - 1);
	}
	spin_unlock(&c->lock);
	send_signal_to(c, signal);
	return 0;
}
