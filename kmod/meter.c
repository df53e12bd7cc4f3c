// SPDX-License-Identifier: GPL-2.0
/*
 * Computing the two memory figures of a container.
 *
 *   rss    the sum of the members' RSS, each address space counted once
 *   usage  for each kind of page: the "away" pages (see meter.h) plus the smaller of
 *          two numbers: the sum of the other pages, and the number of pages that the
 *          container's own memory cgroup holds. The cgroup counts a shared page once.
 *
 * MADV_FREE moves anonymous pages to the lists of file pages. This file counts such
 * pages as anonymous ones. No function here takes a lock, because probes call them all.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>

#include "meter.h"

/*
 * struct parts - the parts of usage, in pages, at one moment
 * @away: pages charged to another cgroup, both kinds together
 * @inside: the rest of RSS, by kind
 * @held: pages that the cgroup holds, by kind; LONG_MAX if there is no cgroup
 */
struct parts {
	long away;
	long inside[PURSER_N_KINDS];
	long held[PURSER_N_KINDS];
};

/* The sum may be below zero for a moment, while two CPUs change it. */
static long kind_rss(const struct purser_meter *m, enum purser_kind kind)
{
	return max(atomic_long_read(&m->rss[kind]), 0L);
}

/**
 * purser_meter_rss() - number of pages of all address spaces
 * @m: the meter
 *
 * Context: any.
 */
long purser_meter_rss(const struct purser_meter *m)
{
	return kind_rss(m, PURSER_KIND_FILE) + kind_rss(m, PURSER_KIND_ANON);
}

/* Context: any. */
static void read_parts(const struct purser_meter *m, struct parts *out)
{
	const struct purser_cgroup *cgroup;
	long away, lazy;
	int kind;

	out->away = 0;
	for (kind = 0; kind < PURSER_N_KINDS; kind++) {
		out->inside[kind] = kind_rss(m, kind);
		away = clamp(atomic_long_read(&m->away[kind]), 0L,
			     out->inside[kind]);
		out->inside[kind] -= away;
		out->away += away;
		out->held[kind] = LONG_MAX;
	}
	rcu_read_lock();
	cgroup = rcu_dereference(m->cgroup);
	if (cgroup) {
		for (kind = 0; kind < PURSER_N_KINDS; kind++)
			out->held[kind] = purser_cgroup_pages(cgroup, kind);
		lazy = min(atomic_long_read(&m->lazy),
			   out->held[PURSER_KIND_FILE]);
		out->held[PURSER_KIND_FILE] -= lazy;
		out->held[PURSER_KIND_ANON] += lazy;
	}
	rcu_read_unlock();
}

/**
 * purser_meter_usage_with() - usage including pages that RSS does not count yet
 * @m: the meter
 * @extra: number of those pages, by kind
 *
 * Context: any. Costs a few additions if there is no cgroup, else a few dozen loads for
 * each memory node.
 * Return: pages.
 */
long purser_meter_usage_with(const struct purser_meter *m,
			     const long extra[PURSER_N_KINDS])
{
	struct parts p;
	long pages;
	int kind;

	read_parts(m, &p);
	pages = p.away;
	for (kind = 0; kind < PURSER_N_KINDS; kind++)
		pages += min(p.inside[kind] + extra[kind], p.held[kind]);
	return max(pages, 0L);
}

/**
 * purser_meter_usage() - number of pages to compare with the limits
 * @m: the meter
 *
 * Context: as purser_meter_usage_with().
 */
long purser_meter_usage(const struct purser_meter *m)
{
	static const long none[PURSER_N_KINDS];

	return purser_meter_usage_with(m, none);
}

/**
 * purser_meter_hidden() - number of pages by which usage may be too low
 * @m: the meter
 *
 * "Hidden" pages are anonymous pages on the cgroup's lists of file pages that were not
 * counted yet. There can be some only if the members have more anonymous pages than the
 * cgroup seems to hold, and the cgroup holds more file pages than the members have
 * mapped.
 *
 * Context: any.
 */
long purser_meter_hidden(const struct purser_meter *m)
{
	struct parts p;

	read_parts(m, &p);
	if (p.held[PURSER_KIND_FILE] == LONG_MAX)
		return 0;
	return max(min(p.inside[PURSER_KIND_ANON] - p.held[PURSER_KIND_ANON],
		       p.held[PURSER_KIND_FILE] - p.inside[PURSER_KIND_FILE]),
		   0L);
}

/**
 * purser_meter_raise_peak() - store a usage if it is the highest so far
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
 * purser_meter_read() - read all figures
 * @m: the meter
 * @out: receives the figures, in bytes
 *
 * The function reads them one after the other. It makes sure that usage is at most rss
 * and that peak is at least usage.
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

/**
 * purser_meter_count_kill() - count processes as killed for memory, in the cgroup
 * @m: the meter
 * @inside: how many processes are in the cgroup, about; at least one is counted
 *
 * The counters are those of memory.events. A caller counts before the processes die, so
 * that readers who see a dead process see the count too.
 *
 * Context: any.
 * Return: false if there is no cgroup.
 */
bool purser_meter_count_kill(const struct purser_meter *m, long inside)
{
	const struct purser_cgroup *cgroup;

	rcu_read_lock();
	cgroup = rcu_dereference(m->cgroup);
	if (cgroup)
		purser_cgroup_count_kill(cgroup, max(inside, 1L));
	rcu_read_unlock();
	return cgroup;
}
