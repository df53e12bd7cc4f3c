/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting the memory of a container, in pages.
 */
#ifndef PURSER_METER_H
#define PURSER_METER_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "cgroup.h"

/*
 * struct purser_meter - the memory of all members together
 *
 * It has no lock, because probes change and read it and some of them cannot take a lock.
 * A reader may see one kind of page before a change and the other kind after it.
 */
struct purser_meter {
	/*
	 * Sum of the pages of all address spaces, each counted once; rss.c changes it.
	 * It equals the sum over all struct purser_mm, except in the moment between an
	 * addition there and the addition here.
	 */
	atomic_long_t rss[PURSER_N_KINDS];
	/*
	 * "Away" pages: the part of rss that the kernel charged to another cgroup than
	 * the container's own when the pages were taken. Changed like rss.
	 */
	atomic_long_t away[PURSER_N_KINDS];
	/*
	 * Anonymous pages on the cgroup's lists of file pages (see lazyfree.c), as last
	 * counted, and the machine's count of lazily freed pages before that count.
	 */
	atomic_long_t lazy;
	u64 lazy_events;
	atomic_long_t peak; /* the highest usage so far */
	atomic_t mms;	    /* number of address spaces */
	/*
	 * The memory cgroup that only members use, or NULL. Written under the
	 * container's lock, read under RCU.
	 */
	struct purser_cgroup __rcu *cgroup;
	bool changed; /* since the last measurement; set in probes */
};

/* struct purser_figures - the memory of a container at one moment, in bytes */
struct purser_figures {
	u64 rss;
	u64 usage;
	u64 peak; /* of usage, until then */
};

long purser_meter_rss(const struct purser_meter *m);
long purser_meter_usage(const struct purser_meter *m);
long purser_meter_usage_with(const struct purser_meter *m,
			     const long extra[PURSER_N_KINDS]);
long purser_meter_hidden(const struct purser_meter *m);
void purser_meter_raise_peak(struct purser_meter *m, long usage);
void purser_meter_read(const struct purser_meter *m,
		       struct purser_figures *out);
bool purser_meter_count_kill(const struct purser_meter *m, long inside);

#endif /* PURSER_METER_H */
