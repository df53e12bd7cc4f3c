// SPDX-License-Identifier: GPL-2.0
/*
 * Counting lazily freed pages.
 *
 * MADV_FREE moves anonymous pages to the lists of file pages and leaves them mapped:
 * they are "lazily freed". If the process writes to such a page again, the page stays on
 * that list until the kernel reclaims memory. Judged by its list it is page cache, and
 * the kernel exports no figure that distinguishes a cgroup's lazily freed pages from its
 * page cache. Therefore this file counts them in a walk over all pages of the machine,
 * like a reader of /proc/kpageflags: without locks, and a bit late.
 *
 * The walk is rare. The kernel counts all pages that were ever freed lazily (PGLAZYFREE).
 * A container needs a new count only if enough pages were freed since its last count to
 * hide that usage has crossed a limit.
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

/* struct subject - one container of a count, and its pages so far */
struct subject {
	struct purser_meter *meter;
	long pages;
};

/* struct tally - one cgroup on one node; for the key see purser_cgroup_key() */
struct tally {
	unsigned long key;
	struct subject *subject;
};

/* struct purser_lazyfree - one count, for many containers */
struct purser_lazyfree {
	u64 events; /* lazyfree_events() when it began */
	struct subject *subjects;
	struct tally *tallies; /* one for each subject and node */
	unsigned int n_subjects, n_tallies;
	unsigned int max_subjects, max_tallies;
};

/*
 * The number of pages that the machine has freed lazily since it was booted.
 *
 * Context: any. Costs one load for each CPU.
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
 * purser_lazyfree_since() - upper bound of the uncounted lazily freed pages
 * @m: the meter of a container
 *
 * Context: any.
 * Return: pages.
 */
long purser_lazyfree_since(const struct purser_meter *m)
{
	u64 events = lazyfree_events();
	u64 before = READ_ONCE(m->lazy_events);

	/* The sum may decrease a bit while CPUs go offline or online. */
	return events > before ? min_t(u64, events - before, LONG_MAX) : 0;
}

/**
 * purser_lazyfree_begin() - prepare a count
 * @n: the greatest number of containers
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
 * purser_lazyfree_add() - add a container to a count
 * @count: the count
 * @m: the meter of the container; the caller keeps it until purser_lazyfree_end()
 *
 * Return: false if the count has no room for another container.
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
 * The number of lazily freed pages at @page; 0 for a page of another kind. The page may
 * change meanwhile. Therefore the function only compares its fields and follows no
 * pointer in them.
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
	/* If the page was freed just now, its order can be any value. */
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

/* Count the pages of one section of memory. A section is online as a whole or not. */
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
 * purser_lazyfree_run() - walk over all pages and store the counts in the meters
 * @count: the count
 *
 * Context: process context; sleeps. Costs some 10 ns for each page of the machine.
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

/* Free a count. @count may be incomplete, as purser_lazyfree_begin() leaves it. */
void purser_lazyfree_end(struct purser_lazyfree *count)
{
	kvfree(count->tallies);
	kvfree(count->subjects);
	kfree(count);
}
