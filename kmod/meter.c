// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a container: two figures, and their parts.
 *
 *   rss    the sum of the members' RSS, each address space counted once
 *   usage  for each kind of page: the pages taken at another cgroup's expense, and
 *          of the others the smaller of their sum and of the number of pages that
 *          the container's own memory cgroup holds, which counts a page once
 *
 * MADV_FREE moves anonymous pages to the lists of file pages. Such pages count as
 * anonymous ones here. Nothing here takes a lock: all of it runs in probes too.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>

#include "meter.h"

/*
 * struct parts - the figures of one moment
 * @away: taken at another cgroup's expense, both kinds
 * @inside: the rest of RSS, by kind
 * @held: pages of the cgroup, by kind; LONG_MAX if there is no cgroup
 */
struct parts {
	long away;
	long inside[PURSER_N_KINDS];
	long held[PURSER_N_KINDS];
};

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
 * purser_meter_usage_with() - usage if the members had some more pages
 * @m: the meter
 * @extra: pages that are not counted in RSS yet, by kind
 *
 * Context: any. A few additions if there is no cgroup; else a few dozen loads for
 * each node with memory.
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
 * purser_meter_usage() - pages that limits are held against
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
 * purser_meter_hidden() - by how many pages usage may be too low
 * @m: the meter
 *
 * That many anonymous pages may be on the cgroup's lists of file pages and not be
 * counted yet: the members have more anonymous pages than the cgroup seems to hold,
 * and the cgroup holds more file pages than the members have mapped.
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
 * The function reads them one after the other. Even so usage is at most rss, and
 * peak is at least usage.
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
