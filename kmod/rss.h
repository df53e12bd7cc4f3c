/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting the pages of the address spaces of containers.
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
 * struct purser_mm - one address space, and the figures last read from it
 *
 * Readers find it under RCU. When the last member leaves the address space, its figures
 * are subtracted at once, and it is freed after an RCU grace period.
 */
struct purser_mm {
	struct hlist_bl_node node;
	struct mm_struct *mm; /* constant; mmgrab() keeps its address */
	struct purser_container *container; /* constant; lives longer than this */
	unsigned int users; /* members; under the lock of the bucket */
	/* By the kernel's enum (MM_FILEPAGES ...); PAGES_GONE once subtracted. */
	atomic_long_t pages[NR_MM_COUNTERS];
	/* The "away" part of pages, see struct purser_meter; likewise. */
	atomic_long_t away[NR_MM_COUNTERS];
	struct rcu_work free_work;
};

/*
 * The hash table is made for address spaces that are not in it, because on many kernels
 * each page fault of the machine looks here. An address space outside containers costs
 * one hash and one load from a list that is nearly always empty.
 */
#define PURSER_RSS_BITS 14

extern struct hlist_bl_head *purser_rss_buckets;

static inline struct hlist_bl_head *
purser_rss_bucket(const struct mm_struct *mm)
{
	return &purser_rss_buckets[hash_ptr(mm, PURSER_RSS_BITS)];
}

/**
 * purser_rss_may_be_ours() - can an address space be in the table
 * @mm: any address space
 *
 * The function may miss an address space that is being added just now. That does no
 * harm: the code that adds it reads its counters afterwards.
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
