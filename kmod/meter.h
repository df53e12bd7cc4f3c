/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of a container, as numbers of pages.
 */
#ifndef PURSER_METER_H
#define PURSER_METER_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "cgroup.h"

/*
 * struct purser_meter - the memory of all members together
 *
 * Lock-free: probes change and read it, and a probe cannot take a lock of ours in
 * every case. A reader may see one kind before a change and the other after it.
 */
struct purser_meter {
	/*
	 * Sum over the address spaces, each counted once; rss.c changes it. It is
	 * the sum of the figures in all struct purser_mm at all times but for the
	 * moment between the two additions.
	 */
	atomic_long_t rss[PURSER_N_KINDS];
	/* The part of rss that was taken at another cgroup's expense; likewise. */
	atomic_long_t away[PURSER_N_KINDS];
	/*
	 * Anonymous pages on the cgroup's lists of file pages, as last counted, and
	 * the number of pages that the machine had freed lazily before that count;
	 * see lazyfree.c.
	 */
	atomic_long_t lazy;
	u64 lazy_events;
	atomic_long_t peak; /* the highest usage so far */
	atomic_t mms;	    /* number of address spaces */
	/*
	 * The memory cgroup that only members live in, or NULL. Set and taken away
	 * under the container's lock; read under RCU.
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

#endif /* PURSER_METER_H */
