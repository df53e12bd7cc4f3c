// SPDX-License-Identifier: GPL-2.0
/*
 * Stopping a container: mark it, signal it, wait for a while, end it.
 */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "killer.h"
#include "main.h"
#include "member.h"
#include "memory.h"
#include "stop.h"

/*
 * Would @signal do nothing to @init? The kernel's own rule: a signal is dropped
 * when it is ignored, by choice or by default, or when it would by default kill
 * the init of a pid namespace; but one that is blocked is kept, for sigwait()
 * or signalfd().
 */
static bool has_no_effect(struct task_struct *init, int signal)
{
	struct sighand_struct *sighand;
	__sighandler_t handler = SIG_DFL;

	/* While sigwait() waits for it, it is in the second set alone. */
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

/* End a stop that the signal did not end. Process context, no locks held. */
static void force_stop(struct container *c, bool no_handler)
{
	bool kill = false;

	spin_lock(&c->lock);
	purser_memory_settle_locked(c);
	if (c->state != PURSER_STATE_EXITED && !c->removed && !c->forced) {
		kill = true;
		c->forced = true;
		c->no_handler = no_handler;
		purser_container_event(c, PURSER_EVENT_STOP_FORCED);
	}
	spin_unlock(&c->lock);
	if (kill)
		purser_member_kill(c);
}

static void grace_work(struct work_struct *work)
{
	struct container *c = container_of(to_delayed_work(work),
					   struct container, grace_work);

	force_stop(c, false);
	purser_container_put(c);
}

/**
 * purser_stop_init() - prepare the grace period of a new container
 * @c: the container
 */
void purser_stop_init(struct container *c)
{
	INIT_DELAYED_WORK(&c->grace_work, grace_work);
}

/**
 * purser_stop_cancel() - let no grace period outlive a container
 * @c: the container, which takes no more members
 *
 * Context: process context. One that runs out just now is not waited for: it
 * holds a reference, and does nothing to a container that has ended.
 */
void purser_stop_cancel(struct container *c)
{
	if (cancel_delayed_work(&c->grace_work))
		purser_container_put(c);
}

/*
 * The timer holds a reference of its own. Whoever takes the container off the
 * live part of the table sets @removed under the lock and cancels afterwards:
 * no timer is left behind.
 */
static void start_grace(struct container *c, unsigned int grace_ms)
{
	spin_lock(&c->lock);
	if (c->state != PURSER_STATE_EXITED && !c->removed &&
	    queue_delayed_work(purser_wq, &c->grace_work,
			       msecs_to_jiffies(grace_ms)))
		kref_get(&c->ref);
	spin_unlock(&c->lock);
}

static int mark_stopping(struct container *c, struct netlink_ext_ack *extack)
{
	int err = 0;

	spin_lock(&c->lock);
	purser_memory_settle_locked(c);
	if (c->state == PURSER_STATE_EXITED || c->removed) {
		NL_SET_ERR_MSG(extack, "the container has ended");
		err = -ESRCH;
	} else if (READ_ONCE(c->cause) == PURSER_CAUSE_STOP) {
		NL_SET_ERR_MSG(extack,
			       "the container is being stopped already");
		err = -EALREADY;
	} else if (READ_ONCE(c->cause) == PURSER_CAUSE_NONE &&
		   purser_member_init_is_dying(c)) {
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

/**
 * purser_stop() - end a container: @signal, a grace period, SIGKILL
 * @c: the container
 * @signal: 1 to 64
 * @grace_ms: until SIGKILL, in milliseconds
 * @extack: what a refusal says
 *
 * The record is marked before the first signal is sent, so that the reason
 * cannot race. Where the signal cannot do anything SIGKILL follows at once.
 *
 * Context: process context. Caller holds a reference.
 * Return: 0; -ESRCH, -EALREADY with @extack set.
 */
int purser_stop(struct container *c, int signal, unsigned int grace_ms,
		struct netlink_ext_ack *extack)
{
	struct task_struct *init;
	bool no_effect, at_once;
	int err;

	err = mark_stopping(c, extack);
	if (err)
		return err;
	init = get_pid_task(c->pid, PIDTYPE_TGID);
	if (!init)
		return 0; /* it has died; its probe was there already */
	no_effect = has_no_effect(init, signal);
	put_task_struct(init);

	at_once = no_effect || !grace_ms;
	spin_lock(&c->lock);
	c->requested_signal = at_once ? SIGKILL : signal;
	spin_unlock(&c->lock);
	if (at_once) {
		force_stop(c, no_effect);
		return 0;
	}
	kill_pid(c->pid, signal, 1);
	start_grace(c, grace_ms);
	return 0;
}
