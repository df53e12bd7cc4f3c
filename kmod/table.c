// SPDX-License-Identifier: GPL-2.0
/*
 * The container table: look-ups by id, name and pid namespace, publication and removal.
 *
 * Readers only take rcu_read_lock(). Writers hold table_mutex. A record goes through the
 * table in three steps:
 *
 *   publish   the record enters all three indexes; the container is live
 *   retire    the record leaves the index of pid namespaces and enters the list of ended
 *             containers; it keeps its name until a live container takes the name
 *   remove    the record leaves the list and the other indexes; the table drops its
 *             reference
 *
 * If a live container is unregistered, it is retired and removed at once.
 */
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "table.h"

static DEFINE_MUTEX(table_mutex);
static DEFINE_XARRAY(by_id);
static struct rhashtable by_name;
static struct rhashtable by_pidns;
static LIST_HEAD(ended); /* oldest first; under table_mutex */
static u64 last_id;	 /* under table_mutex */
/* Written under table_mutex, read anywhere. */
static struct purser_table_stats stats;
static unsigned int generation = 1; /* netlink reserves 0 */

static const struct rhashtable_params name_params = {
	.key_len = sizeof_field(struct purser_container, name),
	.key_offset = offsetof(struct purser_container, name),
	.head_offset = offsetof(struct purser_container, name_node),
	.automatic_shrinking = true,
};

static const struct rhashtable_params pidns_params = {
	.key_len = sizeof_field(struct purser_container, pidns),
	.key_offset = offsetof(struct purser_container, pidns),
	.head_offset = offsetof(struct purser_container, pidns_node),
	.automatic_shrinking = true,
};

void purser_table_lock(void)
{
	mutex_lock(&table_mutex);
}

void purser_table_unlock(void)
{
	mutex_unlock(&table_mutex);
}

/*
 * Take a container out of the index of names. If it was the record that a look-up of the
 * name finds, then the newest of the other records of that name takes its place; all of
 * these have ended. Caller holds table_mutex.
 */
static void leave_name(struct purser_container *c)
{
	struct purser_container *next = NULL;

	if (!list_empty(&c->namesakes))
		next = list_next_entry(c, namesakes);
	list_del_init(&c->namesakes);
	if (!c->holds_name)
		return;
	c->holds_name = false;
	if (!next) {
		rhashtable_remove_fast(&by_name, &c->name_node, name_params);
		return;
	}
	/* Cannot fail: replacing an entry needs no memory. */
	next->holds_name = !rhashtable_replace_fast(
		&by_name, &c->name_node, &next->name_node, name_params);
	WARN_ON_ONCE(!next->holds_name);
}

/* Check that no live container has the name or namespace. Caller holds table_mutex. */
static int check_free(const struct purser_container *c)
{
	struct purser_container *holder;

	if (c->pidns &&
	    rhashtable_lookup_fast(&by_pidns, &c->pidns, pidns_params))
		return -EBUSY;
	holder = rhashtable_lookup_fast(&by_name, c->name, name_params);
	if (holder && READ_ONCE(holder->state) != PURSER_STATE_EXITED)
		return -EEXIST;
	return 0;
}

/*
 * Enter a container in the index of names. If an ended container holds the name, the new
 * one replaces it and becomes the first in the ring of namesakes. Caller holds
 * table_mutex.
 */
static int take_name(struct purser_container *c)
{
	struct purser_container *holder;
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
	if (holder) {
		holder->holds_name = false;
		list_add_tail(&c->namesakes, &holder->namesakes);
	}
	c->holds_name = true;
	return 0;
}

/* Caller holds table_mutex. */
static void leave_pidns(struct purser_container *c)
{
	if (c->pidns)
		rhashtable_remove_fast(&by_pidns, &c->pidns_node, pidns_params);
}

/**
 * purser_table_publish() - enter a live container in the table and set its id
 * @c: the container
 *
 * The table takes a reference of its own. Look-ups do not find the container before its
 * @published is set. Caller holds the table's mutex.
 *
 * Return: 0; -EEXIST if a live container has the name; -EBUSY if the pid namespace
 * belongs to a container already; -ENOMEM.
 */
int purser_table_publish(struct purser_container *c)
{
	int err;

	lockdep_assert_held(&table_mutex);
	err = check_free(c);
	if (err)
		return err;
	c->id = last_id + 1;
	/* Reserve the entry now, so that xa_store() below cannot fail. */
	err = xa_reserve(&by_id, c->id, GFP_KERNEL_ACCOUNT);
	if (err)
		return err;
	if (c->pidns) {
		err = rhashtable_insert_fast(&by_pidns, &c->pidns_node,
					     pidns_params);
		if (err)
			goto err_id;
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
	leave_pidns(c);
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
void purser_table_unpublish(struct purser_container *c)
{
	lockdep_assert_held(&table_mutex);
	leave_pidns(c);
	leave_name(c);
	xa_erase(&by_id, c->id);
	WRITE_ONCE(stats.live, stats.live - 1);
	WRITE_ONCE(generation, generation + 1);
	purser_container_put(c);
}

/**
 * purser_table_retire() - move a container from the live part to the ended records
 * @c: the container
 *
 * Caller holds the table's mutex.
 */
void purser_table_retire(struct purser_container *c)
{
	lockdep_assert_held(&table_mutex);
	if (WARN_ON_ONCE(c->retired))
		return;
	c->retired = true;
	leave_pidns(c);
	list_add_tail(&c->ended_node, &ended);
	WRITE_ONCE(stats.live, stats.live - 1);
	WRITE_ONCE(stats.ended, stats.ended + 1);
}

/**
 * purser_table_remove() - take a retired container out of the table
 * @c: the container
 *
 * The function closes the FIFOs of the record, because a reference to the container must
 * not keep them open. It drops the table's reference last. Caller holds the table's
 * mutex.
 */
void purser_table_remove(struct purser_container *c)
{
	lockdep_assert_held(&table_mutex);
	if (WARN_ON_ONCE(!c->retired))
		return;
	leave_name(c);
	purser_fifos_put(&c->fifos);
	list_del_init(&c->ended_node);
	xa_erase(&by_id, c->id);
	WRITE_ONCE(stats.ended, stats.ended - 1);
	WRITE_ONCE(generation, generation + 1);
	purser_container_put(c);
}

/**
 * purser_table_has() - is a container still in the table
 * @c: the container, which was published once
 *
 * Caller holds the table's mutex.
 */
bool purser_table_has(const struct purser_container *c)
{
	lockdep_assert_held(&table_mutex);
	return !c->retired || !list_empty(&c->ended_node);
}

/**
 * purser_table_oldest_ended() - the oldest ended record, if there are too many
 * @keep: the number of ended records that may stay
 *
 * Caller holds the table's mutex, which keeps the record in the table.
 * Return: the record, without a reference, or NULL.
 */
struct purser_container *purser_table_oldest_ended(unsigned int keep)
{
	lockdep_assert_held(&table_mutex);
	if (stats.ended <= keep)
		return NULL;
	return list_first_entry(&ended, struct purser_container, ended_node);
}

/* No look-up returns a container before it is published. Under rcu_read_lock(). */
static bool get_published(struct purser_container *c)
{
	return READ_ONCE(c->published) && purser_container_get(c);
}

struct purser_container *purser_table_by_id(u64 id)
{
	struct purser_container *c;

	rcu_read_lock();
	c = xa_load(&by_id, id);
	if (c && !get_published(c))
		c = NULL;
	rcu_read_unlock();
	return c;
}

/**
 * purser_table_by_name() - find a container by name: the live one, else the newest record
 * @name: any string
 */
struct purser_container *purser_table_by_name(const char *name)
{
	char key[PURSER_NAME_MAX + 1];
	struct purser_container *c;

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
 * purser_table_after() - find the next container in a walk over the table
 * @id: the id of the previous one; 0 for the first
 */
struct purser_container *purser_table_after(u64 id)
{
	unsigned long index = id;
	struct purser_container *c;

	rcu_read_lock();
	do {
		c = xa_find_after(&by_id, &index, ULONG_MAX, XA_PRESENT);
	} while (c && !get_published(c));
	rcu_read_unlock();
	return c;
}

/**
 * purser_table_of_ns() - find the container whose pid namespace is @ns or an ancestor
 * @ns: a pid namespace, or NULL
 *
 * Context: under rcu_read_lock(); runs in probes too. Takes no reference.
 */
struct purser_container *purser_table_of_ns(struct pid_namespace *ns)
{
	struct purser_container *c;

	for (; ns && ns != &init_pid_ns; ns = ns->parent) {
		c = rhashtable_lookup(&by_pidns, &ns, pidns_params);
		if (c)
			return c;
	}
	return NULL;
}

/**
 * purser_table_generation() - a number that changes if a record is added or removed
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

int __init purser_table_init(void)
{
	int err;

	err = rhashtable_init(&by_name, &name_params);
	if (err)
		return err;
	err = rhashtable_init(&by_pidns, &pidns_params);
	if (err)
		rhashtable_destroy(&by_name);
	return err;
}

/**
 * purser_table_free() - free the indexes and the ended records, at unload
 *
 * At that time no other code can reach the table, and no container is live, because each
 * live one pins the module.
 */
void purser_table_free(void)
{
	struct purser_container *c, *next;

	purser_table_lock();
	list_for_each_entry_safe(c, next, &ended, ended_node)
		purser_table_remove(c);
	purser_table_unlock();
	/* The RCU callbacks are code of this module: wait for them. */
	rcu_barrier();
	rhashtable_destroy(&by_pidns);
	rhashtable_destroy(&by_name);
	xa_destroy(&by_id);
}
