// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that were freed lazily.
 *
 * MADV_FREE moves anonymous pages to the lists of file pages and leaves them mapped. A
 * page that the process writes again stays there until the kernel looks for memory: by
 * its list it looks like page cache, and nothing that the kernel exports tells a cgroup's
 * lazily freed pages from its page cache. Such pages are counted by a walk over the
 * machine's pages, as /proc/kpageflags is read: without locks, and a bit late.
 *
 * The walk is rare. The kernel counts the pages that were ever freed lazily
 * (PGLAZYFREE). A container needs a new count only if so many were freed since its last
 * one that they could hide that a limit is crossed.
 */
#include <linux/bsearch.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/memory_hotplug.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmstat.h>

#include "compat.h"
#include "lazyfree.h"

/* struct subject - one container */
struct subject {
	struct purser_meter *meter;
	long pages;
};

/* struct tally - one cgroup on one node; purser_cgroup_key() tells of the key */
struct tally {
	unsigned long key;
	struct subject *subject;
};

/* struct purser_lazyfree - one count, for many containers */
struct purser_lazyfree {
	u64 events; /* when it began */
	struct subject *subjects;
	struct tally *tallies; /* as many for each subject as there are nodes */
	unsigned int n_subjects, n_tallies;
	unsigned int max_subjects, max_tallies;
};

/*
 * The number of pages that the machine has freed lazily since it runs.
 *
 * Context: any. One load for each CPU.
 */
static u64 lazyfree_events(void)
{
#ifdef CONFIG_VM_EVENT_COUNTERS
	u64 events = 0;
	int cpu;

	for_each_online_cpu(cpu)
		events += READ_ONCE(
			per_cpu(vm_event_states, cpu).event[PGLAZYFREE]);
	return events;
#else
	return U64_MAX;
#endif
}

/**
 * purser_lazyfree_since() - at most so many pages may be freed lazily and not counted
 * @m: the meter of a container
 *
 * Context: any.
 */
long purser_lazyfree_since(const struct purser_meter *m)
{
	u64 events = lazyfree_events();
	u64 before = READ_ONCE(m->lazy_events);

	/* The sum over CPUs may go back a bit while CPUs come and go. */
	return events > before ? min_t(u64, events - before, LONG_MAX) : 0;
}

/**
 * purser_lazyfree_begin() - prepare a count
 * @n: for at most so many containers
 *
 * Context: process context.
 * Return: the count, for purser_lazyfree_end(), or NULL if there is no memory.
 */
struct purser_lazyfree *purser_lazyfree_begin(unsigned int n)
{
	struct purser_lazyfree *count = kzalloc(sizeof(*count), GFP_KERNEL);

	if (!count)
		return NULL;
	count->max_subjects = n;
	count->max_tallies = n * num_online_nodes();
	count->subjects = kvcalloc(n, sizeof(*count->subjects), GFP_KERNEL);
	count->tallies = kvcalloc(count->max_tallies, sizeof(*count->tallies),
				  GFP_KERNEL);
	if (!count->subjects || !count->tallies) {
		purser_lazyfree_end(count);
		return NULL;
	}
	count->events = lazyfree_events();
	return count;
}

/**
 * purser_lazyfree_add() - count the pages of this container too
 * @count: the count
 * @m: the meter of the container; the caller keeps it until purser_lazyfree_end()
 *
 * Return: false if there is no room for another one.
 */
bool purser_lazyfree_add(struct purser_lazyfree *count, struct purser_meter *m)
{
	const struct purser_cgroup *cgroup;
	struct subject *subject;
	int nid;

	if (count->n_subjects == count->max_subjects)
		return false;
	subject = &count->subjects[count->n_subjects++];
	subject->meter = m;
	rcu_read_lock();
	cgroup = rcu_dereference(m->cgroup);
	for_each_online_node(nid)
	{
		if (!cgroup || count->n_tallies == count->max_tallies)
			break;
		count->tallies[count->n_tallies++] = (struct tally){
			.key = purser_cgroup_key(cgroup, nid),
			.subject = subject,
		};
	}
	rcu_read_unlock();
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	const struct tally *left = a, *right = b;

	return left->key < right->key ? -1 : left->key > right->key;
}

/*
 * The number of pages at @page that were freed lazily; 0 for other pages. The page may
 * change while it is looked at. It is compared only; nothing that it points to is read.
 */
static long lazily_freed(struct page *page)
{
	const unsigned long flags = purser_page_flags(page);
	long pages = 1;

	if (!(flags & BIT(PG_lru)) ||
	    flags & (BIT(PG_swapbacked) | BIT(PG_unevictable)) ||
	    !PageAnon(page))
		return 0;
	if (flags & BIT(PG_head))
		pages = compound_nr(page);
	/* The order of a page that was freed just now is anything. */
	return pages > 0 && pages <= MAX_ORDER_NR_PAGES ? pages : 1;
}

static void count_page(struct purser_lazyfree *count, struct page *page)
{
	long pages = lazily_freed(page);
	struct tally key, *found;

	if (!pages)
		return;
	key.key = purser_page_cgroup(page);
	found = bsearch(&key, count->tallies, count->n_tallies, sizeof(key),
			compare_keys);
	if (found)
		found->subject->pages += pages;
}

/* A section of memory is there as a whole, or not. */
static void count_section(struct purser_lazyfree *count, unsigned long pfn,
			  unsigned long end)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page)
		return;
	for (; pfn < end; pfn++)
		count_page(count, pfn_to_page(pfn));
}

/**
 * purser_lazyfree_run() - walk over all pages, and tell the meters
 * @count: the count
 *
 * Context: process context; sleeps. Some 10 ns for each page of the machine.
 */
void purser_lazyfree_run(struct purser_lazyfree *count)
{
	unsigned long pfn, end, next;
	struct subject *subject;
	unsigned int i;
	int nid;

	sort(count->tallies, count->n_tallies, sizeof(*count->tallies),
	     compare_keys, NULL);
	for_each_online_node(nid)
	{
		end = node_end_pfn(nid);
		for (pfn = node_start_pfn(nid); pfn < end; pfn = next) {
			next = min(end, SECTION_ALIGN_UP(pfn + 1));
			count_section(count, pfn, next);
			cond_resched();
		}
	}
	for (i = 0; i < count->n_subjects; i++) {
		subject = &count->subjects[i];
		atomic_long_set(&subject->meter->lazy, subject->pages);
		WRITE_ONCE(subject->meter->lazy_events, count->events);
	}
}

/* May be half made. */
void purser_lazyfree_end(struct purser_lazyfree *count)
{
	kvfree(count->tallies);
	kvfree(count->subjects);
	kfree(count);
}
