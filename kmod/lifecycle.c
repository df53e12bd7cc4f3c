// SPDX-License-Identifier: GPL-2.0
/*
 * A container's way from registration to removal, and why it ended.
 *
 *   register -> starting --exec--> running --+- init exits ----------> exited
 *                                            +- stop -> stopping ----> exited
 *                                            +- hard limit -> killing > exited
 *
 * The first cause is set in the record, under the container's lock, before a
 * signal is sent; death only reads it. Status and time of death are taken in
 * the exit probe of init. What has to sleep then is left to a work item.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "crossing.h"
#include "killer.h"
#include "lifecycle.h"
#include "main.h"
#include "member.h"
#include "memory.h"
#include "param.h"
#include "probe.h"
#include "rss.h"
#include "stop.h"

static unsigned int exit_records = 1024;
PURSER_PARAM_UINT(exit_records, 0, 1048576, 0644);
MODULE_PARM_DESC(
	exit_records,
	"records of ended containers kept (0 to 1048576, default 1024)");

static void retire_work(struct work_struct *work);

static const char *reason_text(enum purser_reason reason)
{
	static const char *const text[] = {
		[PURSER_REASON_NONE] = "none",
		[PURSER_REASON_EXITED] = "exited",
		[PURSER_REASON_STOPPED] = "stopped",
		[PURSER_REASON_HARD_LIMIT_KILLED] = "hard_limit_killed",
		[PURSER_REASON_KILLED] = "killed",
		[PURSER_REASON_OOM_KILLED] = "oom_killed",
	};

	return text[reason];
}

/*
 * Let go of the processes of a container that left the live part of the table.
 * Caller holds the table's mutex.
 */
static void release_members(struct container *c)
{
	spin_lock(&c->lock);
	purser_member_remove_all_locked(c);
	spin_unlock(&c->lock);
	purser_stop_cancel(c);
	purser_memory_release(c);
	purser_probe_put(&purser_probes);
	module_put(THIS_MODULE);
}

/* Make room for a record that has just ended; caller holds the table's mutex. */
static void drop_old_records(void)
{
	struct container *c;

	while ((c = purser_table_oldest_ended(READ_ONCE(exit_records)))) {
		spin_lock(&c->lock);
		purser_container_event(c, PURSER_EVENT_RECORD_DROPPED);
		spin_unlock(&c->lock);
		purser_table_remove(c);
	}
}

/*
 * Take a container off the live part of the table. Caller holds the table's
 * mutex; does nothing the second time.
 */
static void retire(struct container *c)
{
	struct purser_figures last;

	if (c->retired)
		return;
	purser_meter_read(&c->meter, &last);
	if (READ_ONCE(c->state) == PURSER_STATE_EXITED)
		pr_info("exited container=%s reason=%s code=%d signal=%d forced=%d peak=%llu\n",
			c->name, reason_text(c->reason), c->exit_code,
			c->signal, c->forced, last.peak);
	else
		pr_info("unregistered container=%s pid=%d\n", c->name,
			pid_nr(c->pid));
	purser_table_retire(c);
	release_members(c);
}

static void retire_work(struct work_struct *work)
{
	struct container *c = container_of(work, struct container, retire_work);

	purser_table_lock();
	retire(c);
	drop_old_records();
	purser_table_unlock();
	purser_container_put(c);
}

/*
 * Context: under rcu_read_lock(), the container is in the table or its members
 * are linked: its reference count is not 0 yet.
 */
static void queue_retire(struct container *c)
{
	if (!purser_container_get(c))
		return;
	if (!queue_work(purser_wq, &c->retire_work))
		purser_container_put(c);
}

/* Where init stands when it is registered: has it called execve()? */
static void set_initial_state(struct container *c, struct task_struct *init)
{
	if (init->flags & PF_FORKNOEXEC)
		return;
	c->state = PURSER_STATE_RUNNING;
	c->started_at = init->start_boottime;
}

/*
 * From here on the container can be found, and die. Caller holds the table's
 * mutex; @init is kept in memory.
 */
static int publish(struct container *c, struct task_struct *init, int *at_fault,
		   struct netlink_ext_ack *extack)
{
	int err;

	err = purser_table_publish(c);
	if (err == -EEXIST) {
		*at_fault = PURSER_A_CONTAINER_NAME;
		NL_SET_ERR_MSG(extack,
			       "a live container has this name already");
		return err;
	}
	if (err == -EBUSY) {
		*at_fault = PURSER_A_CONTAINER_PID;
		NL_SET_ERR_MSG(extack, "the process is in a container already");
		return -EEXIST;
	}
	if (err)
		return err;

	spin_lock(&c->lock);
	err = purser_member_add_locked(c, init, NULL);
	if (!err) {
		set_initial_state(c, init);
		c->published = true;
		purser_container_event(c, PURSER_EVENT_REGISTERED);
	} else {
		/* The fork probe may have added what entered its namespace. */
		purser_member_remove_all_locked(c);
	}
	spin_unlock(&c->lock);
	if (!err)
		return 0;

	purser_table_unpublish(c);
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

/* May this process be a container? Under rcu_read_lock(). */
static int check_init(struct task_struct *init, struct netlink_ext_ack *extack)
{
	if (init->flags & PF_KTHREAD) {
		NL_SET_ERR_MSG(extack, "the process is a kernel thread");
		return -EINVAL;
	}
	if (is_global_init(init)) {
		NL_SET_ERR_MSG(extack, "the process is the system's init");
		return -EINVAL;
	}
	if (purser_member_find(task_tgid(init)) ||
	    purser_container_of_ns(task_active_pid_ns(init))) {
		NL_SET_ERR_MSG(extack, "the process is in a container already");
		return -EEXIST;
	}
	return 0;
}

/*
 * The namespace whose processes are the members: that of @pid where @pid is its
 * init, else NULL. The namespace lives as long as @pid does.
 */
static struct pid_namespace *own_namespace(struct pid *pid)
{
	struct pid_namespace *ns = ns_of_pid(pid);

	return ns != &init_pid_ns && pid_nr_ns(pid, ns) == 1 ? ns : NULL;
}

static struct container *alloc(const struct purser_registration *reg)
{
	struct container *c;

	c = purser_container_alloc(reg->name, reg->pid,
				   own_namespace(reg->pid));
	if (!c)
		return NULL;
	c->pidns_ino = ns_of_pid(reg->pid)->ns.inum;
	c->soft_limit = reg->soft_limit;
	c->hard_limit = reg->hard_limit;
	INIT_WORK(&c->retire_work, retire_work);
	purser_stop_init(c);
	purser_memory_prepare(c);
	c->senders = purser_killer_alloc();
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

/**
 * purser_lifecycle_register() - enter a process as the init of a container
 * @reg: what to enter; at_fault is set where one thing of it is
 * @id: the new container's id
 * @extack: what a refusal says
 *
 * Context: process context.
 * Return: 0 with @id set; -ESRCH, -EEXIST, -EINVAL, -ENOMEM with @extack set.
 */
int purser_lifecycle_register(struct purser_registration *reg, u64 *id,
			      struct netlink_ext_ack *extack)
{
	struct task_struct *init;
	struct container *c;
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
	c = alloc(reg);
	if (!c)
		goto out_task;

	purser_table_lock();
	/*
	 * A live container pins the module. One that goes takes no more, nor
	 * does one that comes: it may still fail to, and go at once.
	 */
	err = -ESHUTDOWN;
	if (READ_ONCE(THIS_MODULE->state) != MODULE_STATE_LIVE ||
	    !try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack,
			       "the module is being loaded or unloaded");
		goto out_unlock;
	}
	err = purser_probe_get(&purser_probes);
	if (err)
		goto out_module;
	err = publish(c, init, &reg->at_fault, extack);
	if (err)
		goto out_probe;
	swap(c->fifos, reg->fifos);
	purser_table_unlock();

	*id = c->id;
	purser_member_adopt(c);
	pr_info("registered container=%s pid=%d soft=%llu hard=%llu\n", c->name,
		pid_nr(c->pid), c->soft_limit, c->hard_limit);
	purser_memory_start(c, init);
	purser_container_put(c);
	put_task_struct(init);
	return 0;

out_probe:
	purser_probe_put(&purser_probes);
out_module:
	module_put(THIS_MODULE);
out_unlock:
	purser_table_unlock();
	purser_container_put(c);
out_task:
	put_task_struct(init);
	return err;
}

/**
 * purser_lifecycle_unregister() - stop watching, or forget
 * @c: the container
 * @extack: what a refusal says
 *
 * Context: process context. Caller holds a reference.
 * Return: 0, or -ENOENT where somebody else has removed it already.
 */
int purser_lifecycle_unregister(struct container *c,
				struct netlink_ext_ack *extack)
{
	int err = 0;

	purser_table_lock();
	if (!purser_table_has(c)) {
		NL_SET_ERR_MSG(extack, "no such container");
		err = -ENOENT;
		goto out;
	}
	/* No event of it comes after this one. */
	spin_lock(&c->lock);
	purser_memory_settle_locked(c);
	purser_container_event(c, PURSER_EVENT_UNREGISTERED);
	purser_member_remove_all_locked(c);
	spin_unlock(&c->lock);
	retire(c);
	purser_table_remove(c);
out:
	purser_table_unlock();
	return err;
}

/**
 * purser_lifecycle_set_limits() - new limits of a live container, at once
 * @c: the container
 * @soft: bytes, or NULL to leave it
 * @hard: bytes, or NULL to leave it
 * @extack: what a refusal says
 *
 * Context: process context.
 */
int purser_lifecycle_set_limits(struct container *c, const u64 *soft,
				const u64 *hard, struct netlink_ext_ack *extack)
{
	u64 new_soft, new_hard;
	int err = 0;

	purser_memory_measure(c);
	spin_lock(&c->lock);
	purser_memory_settle_locked(c);
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
		purser_memory_changed_locked(c);
	}
	spin_unlock(&c->lock);
	if (!err)
		purser_memory_check(c);
	return err;
}

/* A member has another address space, and an init that is its start, once. */
static void executed(struct container *c, struct member *m,
		     struct mm_struct *mm)
{
	spin_lock(&c->lock);
	if (m->gone)
		goto out;
	purser_memory_settle_locked(c);
	m->borrows = false;
	if (!purser_rss_set_locked(m, mm) && m->mm)
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
	struct member *m;

	rcu_read_lock();
	m = purser_member_find(task_tgid(task));
	if (m)
		executed(m->container, m, task->mm);
	rcu_read_unlock();
}

/*
 * Whoever sent the signal that ended it. What the module sends is the kernel's,
 * but for what it sends in the context of a process that asked for a stop.
 * Caller holds c->lock.
 */
static void set_killer(struct container *c, const struct purser_killer *sender)
{
	c->has_killer = true;
	if (!sender->pid && c->cause == PURSER_CAUSE_STOP &&
	    c->signal == c->requested_signal)
		c->killer = c->requester;
	else
		c->killer = *sender;
}

/*
 * Status and reason, from the status that wait() would show; @sender: of the
 * signal, or NULL where there was none or it was not seen. Caller holds c->lock.
 */
static void set_ended(struct container *c, int status,
		      const struct purser_killer *sender)
{
	c->state = PURSER_STATE_EXITED;
	c->exited_at = ktime_get_boottime_ns();
	c->signal = status & 0x7f;
	if (!c->signal)
		c->exit_code = (status >> 8) & 0xff;
	if (sender)
		set_killer(c, sender);

	if (c->cause == PURSER_CAUSE_STOP)
		c->reason = PURSER_REASON_STOPPED;
	else if (c->cause == PURSER_CAUSE_HARD_LIMIT && c->signal == SIGKILL)
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
 * it has marked it. Where the tracepoint comes before exit_mm(), which waits for
 * the same lock, the victim could be here before the mark.
 */
static void wait_for_oom_killer(struct task_struct *task)
{
	task_lock(task->group_leader);
	task_unlock(task->group_leader);
}

/**
 * purser_lifecycle_on_exit() - probe of sched_process_exit
 * @unused: the probe's data: NULL
 * @PURSER_EXIT_ARGS: the process, by any of its threads; see compat.h
 *
 * Called for every thread; a process is dead when its last thread is. Two
 * threads that exit together may both find it dead: the second finds no member.
 *
 * Context: the exiting thread, no locks held. A look-up; for a
 * member, its container's lock and the queueing of a work item, for an init its
 * siglock and task_lock() before that, one after the other.
 */
void purser_lifecycle_on_exit(void *unused, PURSER_EXIT_ARGS)
{
	struct purser_killer sender;
	struct container *c;
	struct member *m;
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
	if (m->pid == c->pid && status & 0x7f) {
		seen = purser_killer_read(c, task, status & 0x7f, &sender);
		wait_for_oom_killer(task);
	}
	spin_lock(&c->lock);
	/* Look again: somebody may have removed it before we had the lock. */
	if (purser_member_find(task_tgid(task)) == m) {
		purser_memory_settle_locked(c);
		purser_meter_raise_peak(&c->meter,
					purser_meter_usage(&c->meter));
		purser_member_count_cpu_locked(m, task);
		purser_member_remove_locked(m);
		if (m->pid == c->pid && c->state != PURSER_STATE_EXITED)
			set_ended(c, status, seen ? &sender : NULL);
		purser_crossing_shrunk(c);
		/*
		 * A namespace's other processes die with its init, and so do
		 * all where the container was killed; the record follows them.
		 * Otherwise the rest is on its own.
		 */
		last = c->state == PURSER_STATE_EXITED &&
		       (list_empty(&c->members) ||
			(!c->pidns && !purser_container_is_killed(c)));
	}
	spin_unlock(&c->lock);
	if (last)
		queue_retire(c);
out:
	rcu_read_unlock();
}
