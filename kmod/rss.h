/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The address spaces of containers.
 */
#ifndef PURSER_RSS_H
#define PURSER_RSS_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/list_bl.h>
#include <linux/mm_types.h>
#include <linux/workqueue.h>

#include "cgroup.h"

struct purser_container;

/*
 * struct purser_mm - one address space, and the figures that were last read of it
 *
 * Found under RCU, freed after a grace period, when it has counted for nothing
 * already.
 */
struct purser_mm {
	struct hlist_bl_node node;
	struct mm_struct *mm; /* constant; mmgrab() keeps its address */
	struct purser_container *container; /* constant; lives longer than this */
	unsigned int users; /* members; under the lock of the bucket */
	/* By enum of the kernel, MM_FILEPAGES and others; PAGES_GONE at the end. */
	atomic_long_t pages[NR_MM_COUNTERS];
	/* Of these, pages taken at another cgroup's expense; likewise. */
	atomic_long_t away[NR_MM_COUNTERS];
	struct rcu_work free_work;
};

/*
 * The table is made for address spaces that are not in it: on many kernels each page
 * fault of the machine looks here. An address space of no container costs one hash
 * and one load, of a list that is nearly always empty.
 */
#define PURSER_RSS_BITS 14

extern struct hlist_bl_head *purser_rss_buckets;

static inline struct hlist_bl_head *
purser_rss_bucket(const struct mm_struct *mm)
{
	return &purser_rss_buckets[hash_ptr(mm, PURSER_RSS_BITS)];
}

/**
 * purser_rss_may_be_ours() - is it worth while to look for an address space
 * @mm: any
 *
 * The function may miss one that is being entered just now: the code that enters it
 * reads its counters afterwards.
 * Context: any.
 */
static inline bool purser_rss_may_be_ours(const struct mm_struct *mm)
{
	return !hlist_bl_empty(purser_rss_bucket(mm));
}

int purser_rss_init(void);
void purser_rss_free(void);

struct purser_mm *purser_rss_find(const struct mm_struct *mm);
long purser_rss_update(struct purser_mm *t, int counter, bool exactly);
void purser_rss_refresh(struct purser_mm *t);
void purser_rss_add_task(long pages[PURSER_N_KINDS],
			 const struct task_struct *task);
void purser_rss_inherit(struct purser_mm *child,
			const struct purser_mm *parent);
int purser_rss_set_locked(struct purser_container *c, struct purser_mm **entry,
			  struct mm_struct *mm);

#endif /* PURSER_RSS_H */
