// SPDX-License-Identifier: GPL-2.0
/*
 * Counting the pages of the address spaces of containers. A hash table holds all these
 * address spaces. Each one adds its pages to the meter of its container.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rculist_bl.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "compat.h"
#include "container.h"
#include "rss.h"
#include "work.h"

#define PAGES_GONE LONG_MIN

/* Writers hold the lock of a bucket; readers use RCU. */
struct hlist_bl_head *purser_rss_buckets;

static enum purser_kind kind_of(int counter)
{
	return counter == MM_FILEPAGES ? PURSER_KIND_FILE : PURSER_KIND_ANON;
}

/* Caller holds rcu_read_lock() or the lock of the bucket. */
static struct purser_mm *find_in(struct hlist_bl_head *bucket,
				 const struct mm_struct *mm)
{
	struct hlist_bl_node *node;
	struct purser_mm *t;

	hlist_bl_for_each_entry_rcu(t, node, bucket, node)
		if (t->mm == mm)
			return t;
	return NULL;
}

/**
 * purser_rss_find() - find the entry of an address space
 * @mm: any address space
 *
 * Context: any, under rcu_read_lock().
 * Return: the entry, or NULL.
 */
struct purser_mm *purser_rss_find(const struct mm_struct *mm)
{
	return find_in(purser_rss_bucket(mm), mm);
}

/* Does the kernel charge new pages of @t to a cgroup other than the container's own? */
static bool grows_away(const struct purser_mm *t)
{
	const struct purser_cgroup *cgroup = rcu_dereference(
		t->container->meter.cgroup);

	return cgroup && !purser_cgroup_pays(cgroup, t->mm);
}

/*
 * Add @grown to the "away" pages of a counter that has @now pages. The number of "away"
 * pages never exceeds @now: if pages are freed, the pages of the container's own cgroup
 * are assumed to go first.
 */
static void change_away(struct purser_mm *t, int counter, long grown, long now)
{
	struct purser_meter *meter = &t->container->meter;
	long was = atomic_long_read(&t->away[counter]);
	long next;

	do {
		if (was == PAGES_GONE)
			return;
		next = min(was + grown, now);
		if (next == was)
			return;
	} while (!atomic_long_try_cmpxchg(&t->away[counter], &was, next));
	atomic_long_add(next - was, &meter->away[kind_of(counter)]);
}

/**
 * purser_rss_update() - read one of the kernel's counters of an address space again
 * @t: the entry
 * @counter: MM_FILEPAGES, MM_ANONPAGES or MM_SHMEMPAGES
 * @exactly: include the pages that the CPUs have not added to the counter yet
 *
 * The function reads the counter after it has read the stored figure. If two updates run
 * at once, the one whose cmpxchg() succeeds last has thus read the newest value.
 *
 * Context: any, under rcu_read_lock(). The page table's lock may be held.
 * Return: number of pages by which the container has grown; negative if it has shrunk.
 */
long purser_rss_update(struct purser_mm *t, int counter, bool exactly)
{
	struct purser_meter *meter = &t->container->meter;
	long was = atomic_long_read(&t->pages[counter]);
	long now;

	do {
		if (was == PAGES_GONE)
			return 0;
		smp_rmb(); /* read the counter after @was, see above */
		now = exactly ? purser_mm_pages_exact(t->mm, counter) :
				purser_mm_pages(t->mm, counter);
	} while (!atomic_long_try_cmpxchg(&t->pages[counter], &was, now));
	if (now == was)
		return 0;
	atomic_long_add(now - was, &meter->rss[kind_of(counter)]);
	if (now > was ? grows_away(t) : atomic_long_read(&t->away[counter]))
		change_away(t, counter, max(now - was, 0L), max(now, 0L));
	return now - was;
}

/**
 * purser_rss_refresh() - read all counters of an address space again, exactly
 * @t: the entry
 *
 * Context: any, under rcu_read_lock().
 */
void purser_rss_refresh(struct purser_mm *t)
{
	purser_rss_update(t, MM_FILEPAGES, true);
	purser_rss_update(t, MM_ANONPAGES, true);
	purser_rss_update(t, MM_SHMEMPAGES, true);
}

/**
 * purser_rss_add_task() - add the pages that a task has not yet added to its counters
 * @pages: receives the sum, by kind
 * @task: the task
 *
 * Context: any.
 */
void purser_rss_add_task(long pages[PURSER_N_KINDS],
			 const struct task_struct *task)
{
	pages[PURSER_KIND_FILE] += purser_task_pages(task, MM_FILEPAGES);
	pages[PURSER_KIND_ANON] += purser_task_pages(task, MM_ANONPAGES) +
				   purser_task_pages(task, MM_SHMEMPAGES);
}

/**
 * purser_rss_inherit() - copy the "away" pages from parent to child after fork()
 * @child: the child's address space, which was counted just now
 * @parent: the parent's address space
 *
 * The child shares the parent's pages, so the "away" pages of the parent are "away"
 * pages of the child too.
 *
 * Context: any, under rcu_read_lock().
 */
void purser_rss_inherit(struct purser_mm *child, const struct purser_mm *parent)
{
	long away, pages;
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++) {
		away = atomic_long_read(&parent->away[i]);
		pages = atomic_long_read(&child->pages[i]);
		if (away > 0 && pages > 0)
			change_away(child, i, away, pages);
	}
}

/*
 * Take the pages of @t out of the meter. An update that runs at the same time finds
 * PAGES_GONE and does nothing.
 */
static void subtract(struct purser_mm *t)
{
	struct purser_meter *meter = &t->container->meter;
	long pages;
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++) {
		pages = atomic_long_xchg(&t->pages[i], PAGES_GONE);
		if (pages)
			atomic_long_sub(pages, &meter->rss[kind_of(i)]);
		pages = atomic_long_xchg(&t->away[i], PAGES_GONE);
		if (pages)
			atomic_long_sub(pages, &meter->away[kind_of(i)]);
	}
	atomic_dec(&meter->mms);
}

/*
 * Workqueue context, after an RCU grace period. A probe or an interrupt must not drop the
 * last reference to an address space, therefore a work item does it.
 */
static void free_mm(struct work_struct *work)
{
	struct purser_mm *t = container_of(to_rcu_work(work), struct purser_mm,
					   free_work);

	mmdrop(t->mm);
	purser_container_put(t->container);
	kfree(t);
}

/* Runs in probes, under the container's lock. */
static struct purser_mm *alloc_mm(struct purser_container *c,
				  struct mm_struct *mm)
{
	struct purser_mm *t = kzalloc(sizeof(*t), GFP_ATOMIC);

	if (!t)
		return NULL;
	mmgrab(mm);
	kref_get(&c->ref);
	t->mm = mm;
	t->container = c;
	t->users = 1;
	INIT_RCU_WORK(&t->free_work, free_mm);
	return t;
}

/*
 * Count one more member that uses @mm. If a member of another container used it first,
 * the function sets *out to NULL, because each page counts for one container only.
 * Caller holds c->lock.
 */
static int use_mm_entry(struct purser_container *c, struct mm_struct *mm,
			struct purser_mm **out)
{
	struct hlist_bl_head *bucket = purser_rss_bucket(mm);
	struct purser_mm *new = alloc_mm(c, mm);
	struct purser_mm *t;

	if (!new)
		return -ENOMEM;
	hlist_bl_lock(bucket);
	t = find_in(bucket, mm);
	if (!t) {
		hlist_bl_add_head_rcu(&new->node, bucket);
		t = new;
		new = NULL;
	} else if (t->container == c) {
		t->users++;
	} else {
		t = NULL;
	}
	hlist_bl_unlock(bucket);
	*out = t;
	if (new) {
		queue_rcu_work(purser_wq, &new->free_work);
	} else {
		atomic_inc(&c->meter.mms);
		rcu_read_lock();
		purser_rss_refresh(t);
		rcu_read_unlock();
	}
	return 0;
}

/* Count one member less that uses @t. Caller holds c->lock. */
static void unuse_mm_entry(struct purser_mm *t)
{
	struct hlist_bl_head *bucket = purser_rss_bucket(t->mm);
	bool last;

	hlist_bl_lock(bucket);
	last = --t->users == 0;
	if (last)
		hlist_bl_del_rcu(&t->node);
	hlist_bl_unlock(bucket);
	if (!last)
		return;
	subtract(t);
	queue_rcu_work(purser_wq, &t->free_work);
}

/**
 * purser_rss_set_locked() - change the address space that a member counts for
 * @c: its container
 * @entry: the member's pointer to its entry; NULL in it: none yet
 * @mm: the new address space, which the caller keeps in memory; NULL: none
 *
 * Context: caller holds the container's lock; runs in probes, does not sleep.
 * Return: 0, or -ENOMEM; after -ENOMEM the member's pages count again from the next
 * sweep on.
 */
int purser_rss_set_locked(struct purser_container *c, struct purser_mm **entry,
			  struct mm_struct *mm)
{
	struct purser_mm *old = *entry;
	int err = 0;

	lockdep_assert_held(&c->lock);
	if (old && old->mm == mm)
		return 0;
	*entry = NULL;
	if (mm)
		err = use_mm_entry(c, mm, entry);
	if (err) /* make the next sweep try again */
		WRITE_ONCE(c->meter.changed, true);
	if (old)
		unuse_mm_entry(old);
	return err;
}

int __init purser_rss_init(void)
{
	purser_rss_buckets = kvcalloc(1 << PURSER_RSS_BITS,
				      sizeof(*purser_rss_buckets), GFP_KERNEL);
	return purser_rss_buckets ? 0 : -ENOMEM;
}

/**
 * purser_rss_free() - free the table at unload, when no container has members
 */
void purser_rss_free(void)
{
	kvfree(purser_rss_buckets);
}
