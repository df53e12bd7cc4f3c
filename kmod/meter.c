// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a container: two figures, and what they are made of.
 *
 *   rss    the sum of the members' RSS, each address space counted once
 *   usage  for each kind of page the smaller of that sum and of what the
 *          container's own memory cgroup holds, which counts a page once
 *
 * What a cgroup holds is read off its LRU lists, where a page is from the fault
 * that made it on, but for the batch of at most 31 pages that each CPU collects
 * first. Nothing here takes a lock: all of it runs in probes too.
 */
#include <linux/cgroup.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "meter.h"

/* Between two additions the sum may be below zero for a moment. */
static long kind_rss(const struct purser_meter *m, enum purser_kind kind)
{
	return max(atomic_long_read(&m->rss[kind]), 0L);
}

/**
 * purser_meter_rss() - pages of all address spaces
 * @m: the meter
 *
 * Context: any.
 */
long purser_meter_rss(const struct purser_meter *m)
{
	return kind_rss(m, PURSER_KIND_FILE) + kind_rss(m, PURSER_KIND_ANON);
}

#ifdef CONFIG_MEMCG

/* struct purser_cgroup - a container's own; freed after a grace period */
struct purser_cgroup {
	struct mem_cgroup *memcg; /* a reference */
	struct rcu_head rcu;
};

/* Pages on the lists of one node. Unevictable ones may be of either kind. */
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

		/* Where the multi-generational LRU is on the others are empty. */
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

static long cgroup_pages(const struct mem_cgroup *memcg, enum purser_kind kind)
{
	long pages = 0;
	int nid;

	for_each_node_state(nid, N_MEMORY)
		pages += node_pages(memcg->nodeinfo[nid], kind);
	/* Sizes of generations may be below zero while pages change theirs. */
	return max(pages, 0L);
}

/**
 * purser_meter_usage() - pages that limits are held against
 * @m: the meter
 *
 * Context: any. Two additions where there is no cgroup; else a few dozen loads for
 * each node with memory.
 */
long purser_meter_usage(const struct purser_meter *m)
{
	const struct purser_cgroup *cgroup;
	long pages = 0;
	int kind;

	rcu_read_lock();
	cgroup = rcu_dereference(m->cgroup);
	if (!cgroup || READ_ONCE(m->left)) {
		pages = purser_meter_rss(m);
	} else {
		for (kind = 0; kind < PURSER_N_KINDS; kind++)
			pages += min(kind_rss(m, kind),
				     cgroup_pages(cgroup->memcg, kind));
	}
	rcu_read_unlock();
	return pages;
}

/*
 * Does @memcg belong to a cgroup of v2 in which nobody else lives than @threads
 * threads? The counts are those of one moment. Strangers that are missed, or come
 * later, do no harm: what they have there makes usage greater, up to RSS.
 * Under rcu_read_lock().
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
 * purser_cgroup_find() - the memory cgroup that is the container's own
 * @init: of the container
 * @threads: of all its members
 *
 * Context: process context.
 * Return: a reference to it, or NULL where there is none, or no memory.
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

/* RCU callback: nobody reads its lists any more. */
static void free_cgroup(struct rcu_head *rcu)
{
	struct purser_cgroup *cgroup = container_of(rcu, struct purser_cgroup,
						    rcu);

	css_put(&cgroup->memcg->css);
	kfree(cgroup);
}

/**
 * purser_cgroup_put() - let go of a cgroup
 * @cgroup: that no meter has any more; may be NULL
 */
void purser_cgroup_put(struct purser_cgroup *cgroup)
{
	if (cgroup)
		call_rcu(&cgroup->rcu, free_cgroup);
}

/**
 * purser_meter_check_cgroup() - is a member still where the others are
 * @m: the meter
 * @t: a live thread of it
 *
 * Context: under rcu_read_lock().
 */
void purser_meter_check_cgroup(struct purser_meter *m, struct task_struct *t)
{
	const struct purser_cgroup *cgroup = rcu_dereference(m->cgroup);

	if (cgroup && mem_cgroup_from_task(t) != cgroup->memcg)
		WRITE_ONCE(m->left, true);
}

#else

long purser_meter_usage(const struct purser_meter *m)
{
	return purser_meter_rss(m);
}

struct purser_cgroup *purser_cgroup_find(struct task_struct *init,
					 unsigned int threads)
{
	return NULL;
}

void purser_cgroup_put(struct purser_cgroup *cgroup)
{
}

void purser_meter_check_cgroup(struct purser_meter *m, struct task_struct *t)
{
}

#endif /* CONFIG_MEMCG */

/**
 * purser_meter_raise_peak() - keep the greatest usage
 * @m: the meter
 * @usage: pages, now
 *
 * Context: any.
 */
void purser_meter_raise_peak(struct purser_meter *m, long usage)
{
	long peak = atomic_long_read(&m->peak);

	while (usage > peak && !atomic_long_try_cmpxchg(&m->peak, &peak, usage))
		;
}

/**
 * purser_meter_read() - all figures
 * @m: the meter
 * @out: in bytes
 *
 * They are read one after the other; all the same usage is at most rss, and peak at
 * least usage.
 * Context: any.
 */
void purser_meter_read(const struct purser_meter *m, struct purser_figures *out)
{
	long usage = purser_meter_usage(m);
	long rss = purser_meter_rss(m);

	out->rss = (u64)rss << PAGE_SHIFT;
	out->usage = (u64)min(usage, rss) << PAGE_SHIFT;
	out->peak = (u64)max(atomic_long_read(&m->peak), usage) << PAGE_SHIFT;
}
