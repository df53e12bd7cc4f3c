// SPDX-License-Identifier: GPL-2.0
/*
 * The container table: look-ups by id, name, init's pid and pid namespace,
 * references, publication and removal.
 *
 * Readers take nothing but rcu_read_lock(). Writers hold table_mutex. A record
 * goes through the table in three steps:
 *
 *   publish   in all four indexes; the container is live
 *   retire    out of the pid and pid-namespace indexes, on the list of ended
 *             ones; the name stays until a live container takes it
 *   remove    out of the rest; the table's reference goes
 *
 * A live container that is unregistered goes from the first to the third.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/xarray.h>

#include "container.h"

static DEFINE_MUTEX(table_mutex);
static DEFINE_XARRAY(by_id);
static struct rhashtable by_name;
static struct rhashtable by_pid;
static struct rhashtable by_pidns;
static LIST_HEAD(ended); /* oldest first; under table_mutex */
static u64 last_id;	 /* under table_mutex */
/* Written under table_mutex, read anywhere. */
static struct purser_table_stats stats;
static unsigned int generation = 1; /* 0 means none to netlink */

static const struct rhashtable_params name_params = {
	.key_len = sizeof_field(struct container, name),
	.key_offset = offsetof(struct container, name),
	.head_offset = offsetof(struct container, name_node),
	.automatic_shrinking = true,
};

static const struct rhashtable_params pid_params = {
	.key_len = sizeof_field(struct container, pid),
	.key_offset = offsetof(struct container, pid),
	.head_offset = offsetof(struct container, pid_node),
	.automatic_shrinking = true,
};

static const struct rhashtable_params pidns_params = {
	.key_len = sizeof_field(struct container, pidns),
	.key_offset = offsetof(struct container, pidns),
	.head_offset = offsetof(struct container, pidns_node),
	.automatic_shrinking = true,
};

/**
 * purser_name_is_legal() - ``[A-Za-z0-9][A-Za-z0-9_.-]{0,62}``
 * @name: of any length
 */
bool purser_name_is_legal(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (!isascii(name[i]) ||
		    !(isalnum(name[i]) || (i && strchr("_.-", name[i]))))
			return false;
	return i && i <= PURSER_NAME_MAX;
}

/**
 * purser_container_alloc() - a container with one reference, not in the table
 * @name: legal, at most PURSER_NAME_MAX bytes
 * @pid: of the thread group that is init; a reference is taken
 * @ns: the namespace whose processes are the members; NULL: by descent
 */
struct container *purser_container_alloc(const char *name, struct pid *pid,
					 struct pid_namespace *ns)
{
	struct container *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	strscpy_pad(c->name, name, sizeof(c->name));
	c->pid = get_pid(pid);
	c->pidns = ns ? get_pid_ns(ns) : NULL;
	c->registered_at = ktime_get_boottime_ns();
	c->state = PURSER_STATE_STARTING;
	c->exit_code = -1;
	spin_lock_init(&c->lock);
	INIT_LIST_HEAD(&c->members);
	INIT_LIST_HEAD(&c->ended_node);
	kref_init(&c->ref);
	return c;
}

/* RCU callback: no reader can hold a pointer any more. */
static void free_container(struct rcu_head *rcu)
{
	struct container *c = container_of(rcu, struct container, rcu);

	put_pid(c->pid);
	if (c->pidns)
		put_pid_ns(c->pidns);
	kfree(c->senders);
	kfree(c->cookie);
	kfree(c);
}

static void release_container(struct kref *ref)
{
	struct container *c = container_of(ref, struct container, ref);

	call_rcu(&c->rcu, free_container);
}

/**
 * purser_container_get() - take a reference to what RCU keeps in memory
 * @c: the container
 *
 * Return: false where the last reference has gone.
 */
bool purser_container_get(struct container *c)
{
	return kref_get_unless_zero(&c->ref);
}

/**
 * purser_container_is_killed() - has SIGKILL been sent to all of it
 * @c: the container
 *
 * Its members then die, and what they have forked meanwhile has to follow.
 * Caller holds c->lock.
 */
bool purser_container_is_killed(const struct container *c)
{
	return READ_ONCE(c->hard_killed) || c->forced;
}

/* Context: any; freeing is left to RCU. */
void purser_container_put(struct container *c)
{
	kref_put(&c->ref, release_container);
}

void purser_table_lock(void)
{
	mutex_lock(&table_mutex);
}

void purser_table_unlock(void)
{
	mutex_unlock(&table_mutex);
}

/*
 * The name goes back to the last of the others that ended with it, if any. Where
 * there is no memory for that they can still be found by their ids.
 * Caller holds table_mutex.
 */
static void forget_name(struct container *c)
{
	struct container *other;

	if (!c->holds_name)
		return;
	rhashtable_remove_fast(&by_name, &c->name_node, name_params);
	c->holds_name = false;
	list_for_each_entry_reverse(other, &ended, ended_node) {
		if (other == c || strcmp(other->name, c->name))
			continue;
		other->holds_name = !rhashtable_insert_fast(
			&by_name, &other->name_node, name_params);
		return;
	}
}

/* The name, the process and the namespace are nobody's; under table_mutex. */
static int check_free(const struct container *c)
{
	struct container *holder;

	if (rhashtable_lookup_fast(&by_pid, &c->pid, pid_params))
		return -EBUSY;
	if (c->pidns &&
	    rhashtable_lookup_fast(&by_pidns, &c->pidns, pidns_params))
		return -EBUSY;
	holder = rhashtable_lookup_fast(&by_name, c->name, name_params);
	if (holder && READ_ONCE(holder->state) != PURSER_STATE_EXITED)
		return -EEXIST;
	return 0;
}

/*
 * A name may be held by a container that has ended; the new one takes it over.
 * Caller holds table_mutex.
 */
static int take_name(struct container *c)
{
	struct container *holder;
	int err;

	holder = rhashtable_lookup_fast(&by_name, c->name, name_params);
	if (holder)
		err = rhashtable_replace_fast(&by_name, &holder->name_node,
					      &c->name_node, name_params);
	else
		err = rhashtable_insert_fast(&by_name, &c->name_node,
					     name_params);
	if (err)
		return err;
	if (holder)
		holder->holds_name = false;
	c->holds_name = true;
	return 0;
}

/* Caller holds table_mutex. */
static void forget_live(struct container *c)
{
	rhashtable_remove_fast(&by_pid, &c->pid_node, pid_params);
	if (c->pidns)
		rhashtable_remove_fast(&by_pidns, &c->pidns_node, pidns_params);
}

/**
 * purser_table_publish() - enter a live container and give it its id
 * @c: the container
 *
 * The table takes a reference of its own. Nobody finds the container before its
 * @published is set. Caller holds the table's mutex.
 *
 * Return: 0, -EEXIST where the name is held by a live container, -EBUSY where
 * the process or the namespace is a container's already, -ENOMEM.
 */
int purser_table_publish(struct container *c)
{
	int err;

	lockdep_assert_held(&table_mutex);
	err = check_free(c);
	if (err)
		return err;
	c->id = last_id + 1;
	/* Reserved first: the last step, xa_store(), then cannot fail. */
	err = xa_reserve(&by_id, c->id, GFP_KERNEL_ACCOUNT);
	if (err)
		return err;
	err = rhashtable_insert_fast(&by_pid, &c->pid_node, pid_params);
	if (err)
		goto err_id;
	if (c->pidns) {
		err = rhashtable_insert_fast(&by_pidns, &c->pidns_node,
					     pidns_params);
		if (err)
			goto err_pid;
	}
	err = take_name(c);
	if (err)
		goto err_pidns;

	kref_get(&c->ref);
	xa_store(&by_id, c->id, c, GFP_KERNEL_ACCOUNT);
	last_id = c->id;
	WRITE_ONCE(stats.live, stats.live + 1);
	WRITE_ONCE(generation, generation + 1);
	return 0;

err_pidns:
	if (c->pidns)
		rhashtable_remove_fast(&by_pidns, &c->pidns_node, pidns_params);
err_pid:
	rhashtable_remove_fast(&by_pid, &c->pid_node, pid_params);
err_id:
	xa_release(&by_id, c->id);
	return err;
}

/**
 * purser_table_unpublish() - undo purser_table_publish()
 * @c: the container, whose @published was never set
 *
 * Caller holds the table's mutex.
 */
void purser_table_unpublish(struct container *c)
{
	lockdep_assert_held(&table_mutex);
	forget_live(c);
	forget_name(c);
	xa_erase(&by_id, c->id);
	WRITE_ONCE(stats.live, stats.live - 1);
	WRITE_ONCE(generation, generation + 1);
	purser_container_put(c);
}

/**
 * purser_table_retire() - move a container from the live ones to the ended
 * @c: the container
 *
 * Caller holds the table's mutex.
 */
void purser_table_retire(struct container *c)
{
	lockdep_assert_held(&table_mutex);
	if (WARN_ON_ONCE(c->retired))
		return;
	c->retired = true;
	forget_live(c);
	list_add_tail(&c->ended_node, &ended);
	WRITE_ONCE(stats.live, stats.live - 1);
	WRITE_ONCE(stats.ended, stats.ended + 1);
}

/**
 * purser_table_remove() - take a retired container out of the table
 * @c: the container
 *
 * Its FIFOs go here: whoever has a reference still must not keep them open. The
 * table's reference goes last. Caller holds the table's mutex.
 */
void purser_table_remove(struct container *c)
{
	lockdep_assert_held(&table_mutex);
	if (WARN_ON_ONCE(!c->retired))
		return;
	forget_name(c);
	purser_fifos_put(&c->fifos);
	list_del_init(&c->ended_node);
	xa_erase(&by_id, c->id);
	WRITE_ONCE(stats.ended, stats.ended - 1);
	WRITE_ONCE(generation, generation + 1);
	purser_container_put(c);
}

/**
 * purser_table_has() - it was published, and was not removed since
 * @c: the container
 *
 * Caller holds the table's mutex.
 */
bool purser_table_has(const struct container *c)
{
	lockdep_assert_held(&table_mutex);
	return !c->retired || !list_empty(&c->ended_node);
}

/**
 * purser_table_oldest_ended() - the record to drop when there are too many
 * @keep: how many may stay
 * Caller holds the table's mutex, which keeps the record in the table.
 */
struct container *purser_table_oldest_ended(unsigned int keep)
{
	lockdep_assert_held(&table_mutex);
	if (stats.ended <= keep)
		return NULL;
	return list_first_entry(&ended, struct container, ended_node);
}

/* One that is not wholly in the table yet is not there. */
static bool get_published(struct container *c)
{
	return READ_ONCE(c->published) && purser_container_get(c);
}

struct container *purser_container_by_id(u64 id)
{
	struct container *c;

	rcu_read_lock();
	c = xa_load(&by_id, id);
	if (c && !get_published(c))
		c = NULL;
	rcu_read_unlock();
	return c;
}

/**
 * purser_container_by_name() - the live one, else the last that ended
 * @name: not checked
 */
struct container *purser_container_by_name(const char *name)
{
	char key[PURSER_NAME_MAX + 1];
	struct container *c;

	if (strscpy_pad(key, name, sizeof(key)) < 0)
		return NULL;
	rcu_read_lock();
	c = rhashtable_lookup(&by_name, key, name_params);
	if (c && !get_published(c))
		c = NULL;
	rcu_read_unlock();
	return c;
}

/**
 * purser_container_by_pid() - the live container whose init @pid is
 * @pid: of a thread group
 */
struct container *purser_container_by_pid(struct pid *pid)
{
	struct container *c;

	rcu_read_lock();
	c = rhashtable_lookup(&by_pid, &pid, pid_params);
	if (c && !get_published(c))
		c = NULL;
	rcu_read_unlock();
	return c;
}

/**
 * purser_container_after() - the next one with an id > @id, for walks
 * @id: the new container's id
 */
struct container *purser_container_after(u64 id)
{
	unsigned long index = id;
	struct container *c;

	rcu_read_lock();
	do {
		c = xa_find_after(&by_id, &index, ULONG_MAX, XA_PRESENT);
	} while (c && !get_published(c));
	rcu_read_unlock();
	return c;
}

/**
 * purser_container_of_ns() - whose namespace, or whose descendant, is @ns
 * @ns: a pid namespace, or NULL
 *
 * Context: under rcu_read_lock(), also in probes. No reference is taken.
 */
struct container *purser_container_of_ns(struct pid_namespace *ns)
{
	struct container *c;

	for (; ns && ns != &init_pid_ns; ns = ns->parent) {
		c = rhashtable_lookup(&by_pidns, &ns, pidns_params);
		if (c)
			return c;
	}
	return NULL;
}

/**
 * purser_table_generation() - changes whenever a record comes or goes
 */
unsigned int purser_table_generation(void)
{
	return READ_ONCE(generation);
}

void purser_table_stats(struct purser_table_stats *out)
{
	out->live = READ_ONCE(stats.live);
	out->ended = READ_ONCE(stats.ended);
}

/**
 * purser_container_snapshot() - copy the public fields; caller holds c->lock
 * @c: the container
 * @out: where the copy goes
 */
void purser_container_snapshot(const struct container *c,
			       struct purser_record *out)
{
	const bool ended = c->state == PURSER_STATE_EXITED;
	struct purser_figures now;

	lockdep_assert_held(&c->lock);
	purser_meter_read(&c->meter, &now);
	*out = (struct purser_record){
		.id = c->id,
		.pid = pid_nr(c->pid),
		.pidns = c->pidns_ino,
		.state = c->state,
		.reason = c->reason,
		.exit_code = c->exit_code,
		.signal = c->signal,
		.has_killer = c->has_killer,
		.killer = c->killer,
		/* It may have chosen what was dying for another reason. */
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
		.has_crossed_by = c->hard_reached && c->hard_crossing.by_fault,
		.crossed_by = c->hard_crossing.task,
		.processes = c->processes,
		.cpu_time = c->cpu_time,
		.registered_at = c->registered_at,
		.started_at = c->started_at,
		.exited_at = c->exited_at,
		.soft_crossings = c->soft_crossings,
	};
	memcpy(out->name, c->name, sizeof(out->name));
}

/**
 * purser_container_event() - log an event of @c; caller holds c->lock
 * @c: the container
 * @type: what happened
 */
void purser_container_event(struct container *c, enum purser_event_type type)
{
	struct purser_record record;

	purser_container_snapshot(c, &record);
	purser_event_add(type, &record);
}

/**
 * purser_container_event_at() - log an event of memory; caller holds c->lock
 * @c: the container
 * @type: what happened
 * @at: the figures when it did
 */
void purser_container_event_at(struct container *c, enum purser_event_type type,
			       const struct purser_figures *at)
{
	struct purser_record record;

	purser_container_snapshot(c, &record);
	record.rss = at->rss;
	record.usage = at->usage;
	record.peak = at->peak;
	/* Others may have been set since. */
	if (type == PURSER_EVENT_SOFT_LIMIT)
		record.soft_limit = c->soft_crossing.limit;
	if (type == PURSER_EVENT_HARD_LIMIT)
		record.hard_limit = c->hard_crossing.limit;
	purser_event_add(type, &record);
}

int __init purser_container_init(void)
{
	int err;

	err = rhashtable_init(&by_name, &name_params);
	if (err)
		return err;
	err = rhashtable_init(&by_pid, &pid_params);
	if (err)
		goto err_name;
	err = rhashtable_init(&by_pidns, &pidns_params);
	if (err)
		goto err_pid;
	return 0;

err_pid:
	rhashtable_destroy(&by_pid);
err_name:
	rhashtable_destroy(&by_name);
	return err;
}

/**
 * purser_container_free() - free the indexes and the ended records
 * At the module's end: nobody else can reach the table, and no container lives,
 * since each live one pins the module.
 */
void purser_container_free(void)
{
	struct container *c, *next;

	purser_table_lock();
	list_for_each_entry_safe(c, next, &ended, ended_node)
		purser_table_remove(c);
	purser_table_unlock();
	/* free_container() is our text. */
	rcu_barrier();
	rhashtable_destroy(&by_pidns);
	rhashtable_destroy(&by_pid);
	rhashtable_destroy(&by_name);
	xa_destroy(&by_id);
}
