/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of a container, as numbers of pages.
 */
#ifndef PURSER_METER_H
#define PURSER_METER_H

#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/types.h>

struct purser_cgroup;

/* The kinds of pages that a memory cgroup tells apart as an address space does. */
enum purser_kind {
	PURSER_KIND_FILE,
	PURSER_KIND_ANON, /* with shared memory: it is on the same LRU lists */
	PURSER_N_KINDS
};

/*
 * struct purser_meter - what a container has, all members together
 *
 * Lock-free: changed and read in probes, where no lock of ours could be taken in
 * every case. A reader may see the one kind before and the other after a change.
 */
struct purser_meter {
	/*
	 * Sum over the address spaces, each counted once; by rss.c. It is the sum
	 * of what their purser_mm say at all times but for the moment between the
	 * two additions.
	 */
	atomic_long_t rss[PURSER_N_KINDS];
	atomic_long_t peak; /* the most that the usage has been */
	atomic_t mms;	    /* address spaces */
	/*
	 * The memory cgroup that no others than the members live in, or NULL. Set
	 * and taken away under the container's lock; read under RCU.
	 */
	struct purser_cgroup __rcu *cgroup;
	bool changed; /* since it was measured; set in probes */
	bool left; /* a member has left that cgroup: it says too little now */
};

/* struct purser_figures - the memory of a container at one moment, in bytes */
struct purser_figures {
	u64 rss;
	u64 usage;
	u64 peak; /* of usage, until then */
};

long purser_meter_rss(const struct purser_meter *m);
long purser_meter_usage(const struct purser_meter *m);
void purser_meter_raise_peak(struct purser_meter *m, long usage);
void purser_meter_read(const struct purser_meter *m,
		       struct purser_figures *out);

struct purser_cgroup *purser_cgroup_find(struct task_struct *init,
					 unsigned int threads);
void purser_cgroup_put(struct purser_cgroup *cgroup);
void purser_meter_check_cgroup(struct purser_meter *m, struct task_struct *t);

#endif /* PURSER_METER_H */
