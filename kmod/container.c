// SPDX-License-Identifier: GPL-2.0
/*
 * Creating a container, counting references to it, copying its public fields and
 * logging its events.
 */
#include <linux/ctype.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "container.h"

/* How many containers have ended for each reason, since the module was loaded. */
static atomic64_t ends[PURSER_REASON_MAX + 1];

/**
 * purser_name_is_legal() - does a name match ``[A-Za-z0-9][A-Za-z0-9_.+-]{0,126}``
 * @name: of any length
 */
bool purser_name_is_legal(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (!isascii(name[i]) ||
		    !(isalnum(name[i]) || (i && strchr("_.+-", name[i]))))
			return false;
	return i && i <= PURSER_NAME_MAX;
}

/* RCU callback: no probe uses one of these pointers any more. */
static void free_hold(struct rcu_head *rcu)
{
	struct purser_hold *hold = container_of(rcu, struct purser_hold, rcu);

	put_pid(hold->pid);
	if (hold->pidns)
		put_pid_ns(hold->pidns);
	kfree(hold->senders);
	kfree(hold);
}

/**
 * purser_container_alloc() - allocate a container that is not in the table yet
 * @name: legal, at most PURSER_NAME_MAX bytes
 * @pid: of the thread group that is init; the function takes a reference
 * @ns: the pid namespace whose processes are the members; NULL: init and its descendants
 *
 * The caller must set @senders of the container and of its @hold.
 *
 * Context: process context of the registering process.
 * Return: the container with one reference for the caller, or NULL.
 */
struct purser_container *purser_container_alloc(const char *name,
						struct pid *pid,
						struct pid_namespace *ns)
{
	struct purser_container *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	c->hold = kzalloc(sizeof(*c->hold), GFP_KERNEL_ACCOUNT);
	if (!c->hold) {
		kfree(c);
		return NULL;
	}
	strscpy_pad(c->name, name, sizeof(c->name));
	c->pid = c->hold->pid = get_pid(pid);
	c->pidns = c->hold->pidns = ns ? get_pid_ns(ns) : NULL;
	c->has_pidns = ns;
	c->pid_nr = pid_nr(pid);
	c->caller_pid_nr = pid_vnr(pid);
	c->caller_pidns_ino = task_active_pid_ns(current)->ns.inum;
	c->registered_at = ktime_get_boottime_ns();
	c->state = PURSER_STATE_STARTING;
	c->exit_code = -1;
	spin_lock_init(&c->lock);
	INIT_LIST_HEAD(&c->members);
	INIT_LIST_HEAD(&c->namesakes);
	INIT_LIST_HEAD(&c->ended_node);
	kref_init(&c->ref);
	return c;
}

/**
 * purser_container_release() - drop the objects that only a live container needs
 * @c: the container, which has no members and takes no new ones
 *
 * Context: process context. The caller holds the table's mutex, or no other code can
 * reach the container.
 */
void purser_container_release(struct purser_container *c)
{
	struct purser_hold *hold = c->hold;

	if (!hold)
		return;
	c->hold = NULL;
	WRITE_ONCE(c->pid, NULL);
	WRITE_ONCE(c->pidns, NULL);
	WRITE_ONCE(c->senders, NULL);
	call_rcu(&hold->rcu, free_hold);
}

/* RCU callback: no reader uses a pointer to the container any more. */
static void free_container(struct rcu_head *rcu)
{
	struct purser_container *c = container_of(rcu, struct purser_container,
						  rcu);

	if (c->hold)
		free_hold(&c->hold->rcu);
	kfree(c->cookie);
	kfree(c);
}

static void free_after_grace(struct kref *ref)
{
	struct purser_container *c = container_of(ref, struct purser_container,
						  ref);

	call_rcu(&c->rcu, free_container);
}

/**
 * purser_container_get() - take a reference to a container that RCU keeps in memory
 * @c: the container
 *
 * Return: false if the last reference was dropped already.
 */
bool purser_container_get(struct purser_container *c)
{
	return kref_get_unless_zero(&c->ref);
}

/* Drop a reference. Context: any; RCU frees the container later. */
void purser_container_put(struct purser_container *c)
{
	kref_put(&c->ref, free_after_grace);
}

/**
 * purser_container_init_task() - get the process that is the container's init
 * @c: the container
 *
 * Return: its thread group leader, with a reference for the caller, or NULL if init is
 * dead.
 */
struct task_struct *purser_container_init_task(struct purser_container *c)
{
	struct task_struct *init;
	struct pid *pid;

	rcu_read_lock();
	pid = READ_ONCE(c->pid);
	init = pid ? get_pid_task(pid, PIDTYPE_TGID) : NULL;
	rcu_read_unlock();
	return init;
}

/**
 * purser_container_snapshot() - copy the public fields; caller holds c->lock
 * @c: the container
 * @out: receives the copy
 */
void purser_container_snapshot(const struct purser_container *c,
			       struct purser_record *out)
{
	const bool ended = c->state == PURSER_STATE_EXITED;
	struct purser_figures now;

	lockdep_assert_held(&c->lock);
	purser_meter_read(&c->meter, &now);
	*out = (struct purser_record){
		.id = c->id,
		.pid = c->pid_nr,
		.pidns = c->pidns_ino,
		.state = c->state,
		.reason = c->reason,
		.exit_code = ended ? c->exit_code : -1,
		.signal = ended ? c->signal : 0,
		.has_killer = ended && c->has_killer,
		.killer = c->killer,
		/* The OOM killer may have chosen a container that was dying. */
		.oom_scope = c->reason == PURSER_REASON_OOM_KILLED ?
				     c->oom_scope :
				     0,
		.forced = c->forced,
		.no_handler = c->no_handler,
		.soft_limit = c->soft_limit,
		.hard_limit = c->hard_limit,
		.rss = ended ? 0 : now.rss,
		.usage = ended ? 0 : now.usage,
		.peak = now.peak,
		.has_crossed_by = c->limits.hard_reached &&
				  c->limits.hard.by_fault,
		.crossed_by = c->limits.hard.task,
		/* A pid namespace dies with its init: the others are being killed. */
		.processes = ended ? 0 : c->processes,
		.outside = ended ? 0 : c->outside,
		.cpu_time = c->cpu_time,
		.registered_at = c->registered_at,
		.started_at = c->started_at,
		.exited_at = c->exited_at,
		.soft_crossings = c->limits.soft_crossings,
		.soft_held = c->limits.soft_held,
	};
	memcpy(out->name, c->name, sizeof(out->name));
}

/**
 * purser_container_count_end() - count that a container has ended
 * @reason: not PURSER_REASON_NONE
 */
void purser_container_count_end(enum purser_reason reason)
{
	atomic64_inc(&ends[reason]);
}

/**
 * purser_container_ends() - how many containers have ended for a reason
 * @reason: the reason
 *
 * Return: the number since the module was loaded.
 */
u64 purser_container_ends(enum purser_reason reason)
{
	return atomic64_read(&ends[reason]);
}

/**
 * purser_container_event() - log an event of a container; caller holds c->lock
 * @c: the container
 * @type: what happened
 */
void purser_container_event(struct purser_container *c,
			    enum purser_event_type type)
{
	struct purser_record record;

	purser_container_snapshot(c, &record);
	purser_event_add(type, &record);
}

/**
 * purser_container_event_at() - log that usage crossed a limit; caller holds c->lock
 * @c: the container
 * @type: PURSER_EVENT_SOFT_LIMIT or PURSER_EVENT_HARD_LIMIT
 * @x: the figures and the limit at that moment; the limit may have changed since
 */
void purser_container_event_at(struct purser_container *c,
			       enum purser_event_type type,
			       const struct purser_crossing *x)
{
	struct purser_record record;

	purser_container_snapshot(c, &record);
	record.rss = x->at.rss;
	record.usage = x->at.usage;
	record.peak = x->at.peak;
	if (type == PURSER_EVENT_SOFT_LIMIT)
		record.soft_limit = x->limit;
	else
		record.hard_limit = x->limit;
	purser_event_add(type, &record);
}
