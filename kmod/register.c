// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that add, change and remove containers. All functions run in process context.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "adopt.h"
#include "crossing.h"
#include "killer.h"
#include "limits.h"
#include "member.h"
#include "memory.h"
#include "register.h"
#include "retire.h"
#include "stop.h"
#include "table.h"

static struct purser_probe_group *container_probes;

/**
 * purser_register_init() - set the probes that live containers need; called once, at load
 * @probes: attached while any container is live; used under the table's mutex
 */
void __init purser_register_init(struct purser_probe_group *probes)
{
	container_probes = probes;
}

/*
 * A container is starting if its init is the init of a pid namespace, or was forked into
 * one from outside (@entered), and has not called execve() since it was forked. Any other
 * process is a running program, for example a daemon that its parent has forked.
 */
static void set_initial_state(struct purser_container *c,
			      struct task_struct *init, bool entered)
{
	if ((c->has_pidns || entered) && init->flags & PF_FORKNOEXEC)
		return;
	c->state = PURSER_STATE_RUNNING;
	c->started_at = init->start_boottime;
}

/*
 * Add init as the first member, or move it there from the container that @old is a member
 * of, and log the event. After that, look-ups find the container and it can end. Caller
 * holds rcu_read_lock() and, if there is an @old, the lock of its container. No other code
 * takes the lock of a second container, and none can reach @c yet.
 */
static int enter_init(struct purser_container *c, struct task_struct *init,
		      struct purser_member *old)
{
	int err;

	spin_lock_nested(&c->lock, SINGLE_DEPTH_NESTING);
	if (old)
		err = purser_member_move_locked(old, c, init);
	else
		err = purser_member_add_locked(c, init, NULL);
	if (!err) {
		set_initial_state(c, init, old);
		c->published = true;
		purser_container_event(c, PURSER_EVENT_REGISTERED);
	} else {
		/* The fork probe may have added a process from the namespace. */
		purser_member_remove_all_locked(c);
	}
	spin_unlock(&c->lock);
	return err;
}

/* Likewise, for an init that has entered the pid namespace of a container. */
static int enter_member(struct purser_container *c, struct task_struct *init,
			struct purser_member *old)
{
	struct purser_container *from = old->container;
	int err;

	spin_lock(&from->lock);
	purser_limits_settle_locked(from);
	purser_meter_raise_peak(&from->meter, purser_meter_usage(&from->meter));
	err = enter_init(c, init, old);
	if (!err)
		purser_crossing_shrunk(from);
	spin_unlock(&from->lock);
	return err;
}

/* Caller holds the table's mutex and keeps @init in memory. */
static int enter_first(struct purser_container *c, struct task_struct *init)
{
	struct purser_member *old;
	int err;

	rcu_read_lock();
	old = purser_member_find(task_tgid(init));
	err = old ? enter_member(c, init, old) : enter_init(c, init, NULL);
	rcu_read_unlock();
	return err;
}

/* Enter @c in the table with its first member. Caller holds the table's mutex. */
static int publish(struct purser_container *c, struct task_struct *init,
		   int *at_fault, struct netlink_ext_ack *extack)
{
	int err;

	err = purser_table_publish(c);
	if (err == -EEXIST) {
		*at_fault = PURSER_A_CONTAINER_NAME;
		NL_SET_ERR_MSG(extack,
			       "a live container has this name already");
		return err;
	}
	if (!err) {
		err = enter_first(c, init);
		if (!err)
			return 0;
		purser_table_unpublish(c);
	}
	if (err != -ENOMEM)
		*at_fault = PURSER_A_CONTAINER_PID;
	if (err == -ESRCH)
		NL_SET_ERR_MSG(extack, "the process has exited");
	if (err == -EBUSY) {
		NL_SET_ERR_MSG(extack, "the process is in a container already");
		err = -EEXIST;
	}
	return err;
}

/* May this process become the init of a container? Caller holds rcu_read_lock(). */
static int check_init(struct task_struct *init, struct netlink_ext_ack *extack)
{
	const struct purser_member *m = purser_member_find(task_tgid(init));

	if (init->flags & PF_KTHREAD) {
		NL_SET_ERR_MSG(extack, "the process is a kernel thread");
		return -EINVAL;
	}
	if (is_global_init(init)) {
		NL_SET_ERR_MSG(extack, "the process is the system's init");
		return -EINVAL;
	}
	if (m ? !purser_member_may_move(m, init) :
		!!purser_table_of_ns(task_active_pid_ns(init))) {
		NL_SET_ERR_MSG(extack, "the process is in a container already");
		return -EEXIST;
	}
	return 0;
}

/*
 * The pid namespace of @pid if @pid is its init, else NULL. The caller's reference to
 * @pid keeps the namespace in memory.
 */
static struct pid_namespace *own_namespace(struct pid *pid)
{
	struct pid_namespace *ns = ns_of_pid(pid);

	return ns != &init_pid_ns && pid_nr_ns(pid, ns) == 1 ? ns : NULL;
}

static struct purser_container *
alloc_container(const struct purser_registration *reg)
{
	struct purser_container *c;

	c = purser_container_alloc(reg->name, reg->pid,
				   own_namespace(reg->pid));
	if (!c)
		return NULL;
	c->pidns_ino = ns_of_pid(reg->pid)->ns.inum;
	c->soft_limit = reg->soft_limit;
	c->hard_limit = reg->hard_limit;
	purser_retire_prepare(c);
	purser_stop_prepare(c);
	purser_memory_prepare(c);
	c->senders = c->hold->senders = purser_killer_alloc();
	if (!c->senders)
		goto err;
	if (reg->cookie_len) {
		c->cookie = kmemdup(reg->cookie, reg->cookie_len,
				    GFP_KERNEL_ACCOUNT);
		if (!c->cookie)
			goto err;
		c->cookie_len = reg->cookie_len;
	}
	return c;

err:
	purser_container_put(c);
	return NULL;
}

static int check_limits(u64 soft, u64 hard, struct netlink_ext_ack *extack)
{
	if (soft && hard && hard < soft) {
		NL_SET_ERR_MSG(extack,
			       "the hard limit is below the soft limit");
		return -EINVAL;
	}
	return 0;
}

/*
 * Enter a container in the table, attach the probes and pin the module. The function
 * refuses while the module is being unloaded. It also refuses while the module is being
 * loaded, because loading may still fail.
 */
static int enter(struct purser_container *c, struct task_struct *init,
		 struct purser_registration *reg,
		 struct netlink_ext_ack *extack)
{
	int err;

	purser_table_lock();
	err = -ESHUTDOWN;
	if (READ_ONCE(THIS_MODULE->state) != MODULE_STATE_LIVE ||
	    !try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack,
			       "the module is being loaded or unloaded");
		goto out_unlock;
	}
	err = purser_probe_get(container_probes);
	if (err)
		goto out_module;
	err = publish(c, init, &reg->at_fault, extack);
	if (err)
		goto out_probe;
	swap(c->fifos, reg->fifos);
	purser_table_unlock();
	return 0;

out_probe:
	purser_probe_put(container_probes);
out_module:
	module_put(THIS_MODULE);
out_unlock:
	purser_table_unlock();
	return err;
}

/**
 * purser_register() - register a process as the init of a new container
 * @reg: the request; the function sets at_fault if one attribute caused a refusal
 * @id: receives the new container's id
 * @extack: receives the text of a refusal
 *
 * Context: process context.
 * Return: 0 with @id set; -ESRCH, -EEXIST, -EINVAL, -ENOMEM with @extack set.
 */
int purser_register(struct purser_registration *reg, u64 *id,
		    struct netlink_ext_ack *extack)
{
	struct purser_container *c;
	struct task_struct *init;
	int err;

	err = check_limits(reg->soft_limit, reg->hard_limit, extack);
	if (err) {
		reg->at_fault = PURSER_A_CONTAINER_HARD_LIMIT;
		return err;
	}
	reg->at_fault = PURSER_A_CONTAINER_PID;
	init = get_pid_task(reg->pid, PIDTYPE_TGID);
	if (!init) {
		NL_SET_ERR_MSG(extack, "no process has this pid");
		return -ESRCH;
	}
	rcu_read_lock();
	err = check_init(init, extack);
	rcu_read_unlock();
	if (err)
		goto out_task;
	reg->at_fault = 0;
	err = -ENOMEM;
	c = alloc_container(reg);
	if (!c)
		goto out_task;
	err = enter(c, init, reg, extack);
	if (err)
		goto out_container;

	*id = c->id;
	purser_adopt_running(c);
	pr_info("registered container=%s pid=%d soft=%llu hard=%llu\n", c->name,
		c->pid_nr, c->soft_limit, c->hard_limit);
	purser_memory_start(c, init);
out_container:
	purser_container_put(c);
out_task:
	put_task_struct(init);
	return err;
}

/**
 * purser_unregister() - stop monitoring a live container, or forget an ended one
 * @c: the container; the caller holds a reference
 * @extack: receives the text of a refusal
 *
 * Context: process context.
 * Return: 0, or -ENOENT if it was removed already.
 */
int purser_unregister(struct purser_container *c,
		      struct netlink_ext_ack *extack)
{
	int err = 0;

	purser_table_lock();
	if (!purser_table_has(c)) {
		NL_SET_ERR_MSG(extack, "no such container");
		err = -ENOENT;
		goto out;
	}
	/* This is the container's last event. */
	spin_lock(&c->lock);
	purser_limits_settle_locked(c);
	purser_container_event(c, PURSER_EVENT_UNREGISTERED);
	purser_member_remove_all_locked(c);
	spin_unlock(&c->lock);
	purser_retire_locked(c);
	purser_table_remove(c);
out:
	purser_table_unlock();
	return err;
}

/**
 * purser_set_limits() - change the limits of a live container and enforce them at once
 * @c: the container
 * @soft: bytes, or NULL for no change
 * @hard: bytes, or NULL for no change
 * @extack: receives the text of a refusal
 *
 * Context: process context.
 * Return: 0; -ESRCH, -EINVAL with @extack set.
 */
int purser_set_limits(struct purser_container *c, const u64 *soft,
		      const u64 *hard, struct netlink_ext_ack *extack)
{
	u64 new_soft, new_hard;
	int err = 0;

	purser_memory_measure(c);
	spin_lock(&c->lock);
	purser_limits_settle_locked(c);
	new_soft = soft ? *soft : c->soft_limit;
	new_hard = hard ? *hard : c->hard_limit;
	if (c->state == PURSER_STATE_EXITED || c->removed) {
		NL_SET_ERR_MSG(extack, "the container has ended");
		err = -ESRCH;
	} else {
		err = check_limits(new_soft, new_hard, extack);
	}
	if (!err) {
		WRITE_ONCE(c->soft_limit, new_soft);
		WRITE_ONCE(c->hard_limit, new_hard);
		purser_container_event(c, PURSER_EVENT_LIMITS_CHANGED);
		purser_limits_changed_locked(c);
	}
	spin_unlock(&c->lock);
	if (!err)
		purser_memory_check(c);
	return err;
}

/**
 * purser_release_fifos() - close the FIFOs that a record keeps open
 * @c: the container, live or ended; the caller holds a reference
 * @extack: receives the text of a refusal
 *
 * Context: process context.
 * Return: 0, or -ENOENT if its record was removed already.
 */
int purser_release_fifos(struct purser_container *c,
			 struct netlink_ext_ack *extack)
{
	int err = 0;

	purser_table_lock();
	if (purser_table_has(c)) {
		purser_fifos_put(&c->fifos);
	} else {
		NL_SET_ERR_MSG(extack, "no such container");
		err = -ENOENT;
	}
	purser_table_unlock();
	return err;
}
