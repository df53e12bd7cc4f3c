// SPDX-License-Identifier: GPL-2.0
/*
 * Reading how many pages a container's own memory cgroup holds, and counting kills in it.
 *
 * The kernel charges each page to one cgroup only: that of the process that brought the
 * page into memory. This file reads the number of pages of a cgroup from the sizes of
 * its LRU lists. A page enters such a list in the fault that creates it, except that
 * each CPU first collects a batch of at most 31 pages. Reading takes no lock, because it
 * also happens in probes.
 */
#include <linux/cgroup.h>
#include <linux/kernfs.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "cgroup.h"
#include "compat.h"

#ifdef CONFIG_MEMCG

/* struct purser_cgroup - a reference to a cgroup; freed after an RCU grace period */
struct purser_cgroup {
	struct mem_cgroup *memcg;
	struct rcu_head rcu;
};

/*
 * The pages of one kind on one node. The list of unevictable pages does not tell the
 * kinds apart; its pages count for both.
 */
static long node_pages(const struct mem_cgroup_per_node *node,
		       enum purser_kind kind)
{
	const bool file = kind == PURSER_KIND_FILE;
	const int list = file ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON;
	long pages = 0;
	int zone;

	for (zone = 0; zone < MAX_NR_ZONES; zone++) {
		const unsigned long *size = node->lru_zone_size[zone];
#ifdef CONFIG_LRU_GEN
		int gen;

		/* If the multi-generational LRU is on, the classic lists are empty. */
		for (gen = 0; gen < MAX_NR_GENS; gen++)
			pages += READ_ONCE(
				node->lruvec.lrugen.nr_pages[gen][file][zone]);
#endif
		pages += READ_ONCE(size[list]) +
			 READ_ONCE(size[list + LRU_ACTIVE]) +
			 READ_ONCE(size[LRU_UNEVICTABLE]);
	}
	return pages;
}

/**
 * purser_cgroup_pages() - number of pages of one kind that a cgroup is charged for
 * @cgroup: the cgroup
 * @kind: selects the LRU lists
 *
 * Context: any, under rcu_read_lock(). Costs a few dozen loads for each memory node.
 */
long purser_cgroup_pages(const struct purser_cgroup *cgroup,
			 enum purser_kind kind)
{
	long pages = 0;
	int nid;

	for_each_node_state(nid, N_MEMORY)
		pages += node_pages(cgroup->memcg->nodeinfo[nid], kind);
	/* While pages move between generations, their sizes may be below zero. */
	return max(pages, 0L);
}

/**
 * purser_cgroup_has() - is a task in this cgroup itself, not in one below it
 * @cgroup: the cgroup
 * @task: the task
 *
 * Context: any, under rcu_read_lock().
 */
bool purser_cgroup_has(const struct purser_cgroup *cgroup,
		       struct task_struct *task)
{
	return mem_cgroup_from_task(task) == cgroup->memcg;
}

/**
 * purser_cgroup_pays() - is this cgroup charged for an address space that grows
 * @cgroup: the cgroup
 * @mm: the address space
 *
 * The kernel charges the cgroup of the task that owns the address space
 * (get_mem_cgroup_from_mm()), whichever task causes the page fault.
 *
 * Context: any, under rcu_read_lock(), which keeps the owner task in memory.
 */
bool purser_cgroup_pays(const struct purser_cgroup *cgroup,
			const struct mm_struct *mm)
{
	struct task_struct *owner = rcu_dereference(mm->owner);

	/* The kernel is destroying an address space that has no owner. */
	return !owner || mem_cgroup_from_task(owner) == cgroup->memcg;
}

/**
 * purser_cgroup_key() - the value that identifies pages of this cgroup
 * @cgroup: the cgroup
 * @nid: the node that the page is on
 *
 * Return: a value to compare with purser_page_cgroup().
 */
unsigned long purser_cgroup_key(const struct purser_cgroup *cgroup, int nid)
{
	return purser_memcg_key(cgroup->memcg, nid);
}

/*
 * Does @memcg belong to a cgroup v2 that holds at most @threads threads and no populated
 * child cgroup? The counts are those of one moment. If a thread of another program is
 * missed, or enters the cgroup later, its pages there make usage greater, but never
 * greater than RSS. Caller holds rcu_read_lock().
 */
static bool is_alone(struct mem_cgroup *memcg, struct task_struct *init,
		     unsigned int threads)
{
	struct css_set *set = task_css_set(init);
	struct cgroup *cgroup = set->dfl_cgrp;

	return memcg->css.parent && memcg->css.cgroup == cgroup &&
	       !READ_ONCE(cgroup->nr_populated_domain_children) &&
	       !READ_ONCE(cgroup->nr_populated_threaded_children) &&
	       READ_ONCE(set->nr_tasks) <= threads;
}

/**
 * purser_cgroup_find() - find the memory cgroup that only the container's members use
 * @init: the container's init
 * @threads: number of threads of all its members
 *
 * Context: process context.
 * Return: a reference, or NULL if there is no such cgroup or no memory.
 */
struct purser_cgroup *purser_cgroup_find(struct task_struct *init,
					 unsigned int threads)
{
	struct purser_cgroup *found;
	struct mem_cgroup *memcg;

	if (mem_cgroup_disabled())
		return NULL;
	found = kzalloc(sizeof(*found), GFP_KERNEL);
	if (!found)
		return NULL;
	rcu_read_lock();
	memcg = mem_cgroup_from_task(init);
	if (memcg && is_alone(memcg, init, threads) && css_tryget(&memcg->css))
		found->memcg = memcg;
	rcu_read_unlock();
	if (found->memcg)
		return found;
	kfree(found);
	return NULL;
}

/**
 * purser_cgroup_count_kill() - count killed processes as "oom_kill" in memory.events
 * @cgroup: the cgroup
 * @processes: how many
 *
 * The kernel exports no function for this before 7.x, but the counters are plain atomics:
 * memcg_memory_event() adds to those of the cgroup and of its ancestors, except for the
 * root. This function does not wake readers; see purser_cgroup_notify_kill().
 *
 * Context: any, under rcu_read_lock().
 */
void purser_cgroup_count_kill(const struct purser_cgroup *cgroup,
			      long processes)
{
	struct mem_cgroup *memcg = cgroup->memcg;

	atomic_long_add(processes, &memcg->memory_events_local[MEMCG_OOM_KILL]);
	for (; memcg->css.parent; memcg = parent_mem_cgroup(memcg)) {
		atomic_long_add(processes,
				&memcg->memory_events[MEMCG_OOM_KILL]);
		if (cgrp_dfl_root.flags & CGRP_ROOT_MEMORY_LOCAL_EVENTS)
			break;
	}
}

/*
 * Wake those who wait for a change of a file. The look-up by name gives a reference, or
 * NULL if the file was removed. The cgroup keeps its folder in memory.
 */
static void notify_file(const struct mem_cgroup *memcg, const char *name)
{
	struct kernfs_node *kn;

	kn = kernfs_find_and_get(memcg->css.cgroup->kn, name);
	if (!kn)
		return;
	kernfs_notify(kn);
	kernfs_put(kn);
}

/**
 * purser_cgroup_notify_kill() - tell the readers of memory.events about counted kills
 * @cgroup: the cgroup, which the caller keeps in memory
 *
 * Context: process context, may sleep.
 */
void purser_cgroup_notify_kill(const struct purser_cgroup *cgroup)
{
	struct mem_cgroup *memcg = cgroup->memcg;

	notify_file(memcg, "memory.events.local");
	for (; memcg->css.parent; memcg = parent_mem_cgroup(memcg)) {
		notify_file(memcg, "memory.events");
		if (cgrp_dfl_root.flags & CGRP_ROOT_MEMORY_LOCAL_EVENTS)
			break;
	}
}

/**
 * purser_cgroup_get() - take another reference to a cgroup
 * @cgroup: found under the present rcu_read_lock(); may be NULL
 *
 * Return: a struct of its own, or NULL if there is no cgroup or no memory.
 */
struct purser_cgroup *purser_cgroup_get(const struct purser_cgroup *cgroup)
{
	struct purser_cgroup *copy;

	copy = cgroup ? kzalloc(sizeof(*copy), GFP_ATOMIC) : NULL;
	if (copy) {
		css_get(&cgroup->memcg->css);
		copy->memcg = cgroup->memcg;
	}
	return copy;
}

/* RCU callback: no reader of the cgroup is left. */
static void free_cgroup(struct rcu_head *rcu)
{
	struct purser_cgroup *cgroup = container_of(rcu, struct purser_cgroup,
						    rcu);

	css_put(&cgroup->memcg->css);
	kfree(cgroup);
}

/**
 * purser_cgroup_put() - drop a reference to a cgroup
 * @cgroup: no meter points to it any more; may be NULL
 */
void purser_cgroup_put(struct purser_cgroup *cgroup)
{
	if (cgroup)
		call_rcu(&cgroup->rcu, free_cgroup);
}

#else

struct purser_cgroup *purser_cgroup_find(struct task_struct *init,
					 unsigned int threads)
{
	return NULL;
}

void purser_cgroup_put(struct purser_cgroup *cgroup)
{
}

struct purser_cgroup *purser_cgroup_get(const struct purser_cgroup *cgroup)
{
	return NULL;
}

void purser_cgroup_count_kill(const struct purser_cgroup *cgroup,
			      long processes)
{
}

void purser_cgroup_notify_kill(const struct purser_cgroup *cgroup)
{
}

long purser_cgroup_pages(const struct purser_cgroup *cgroup,
			 enum purser_kind kind)
{
	return 0;
}

bool purser_cgroup_has(const struct purser_cgroup *cgroup,
		       struct task_struct *task)
{
	return true;
}

bool purser_cgroup_pays(const struct purser_cgroup *cgroup,
			const struct mm_struct *mm)
{
	return true;
}

unsigned long purser_cgroup_key(const struct purser_cgroup *cgroup, int nid)
{
	return 0;
}

#endif /* CONFIG_MEMCG */
