/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading how many pages a container's own memory cgroup holds, and counting kills in it.
 */
#ifndef PURSER_CGROUP_H
#define PURSER_CGROUP_H

#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/types.h>

struct purser_cgroup;

/* The kinds of pages for which a cgroup has separate LRU lists. */
enum purser_kind {
	PURSER_KIND_FILE,
	PURSER_KIND_ANON, /* and shared memory, which is on the same LRU lists */
	PURSER_N_KINDS
};

struct purser_cgroup *purser_cgroup_find(struct task_struct *init,
					 unsigned int threads);
struct purser_cgroup *purser_cgroup_get(const struct purser_cgroup *cgroup);
void purser_cgroup_put(struct purser_cgroup *cgroup);

void purser_cgroup_count_kill(const struct purser_cgroup *cgroup,
			      long processes);
void purser_cgroup_notify_kill(const struct purser_cgroup *cgroup);

long purser_cgroup_pages(const struct purser_cgroup *cgroup,
			 enum purser_kind kind);
bool purser_cgroup_has(const struct purser_cgroup *cgroup,
		       struct task_struct *task);
bool purser_cgroup_pays(const struct purser_cgroup *cgroup,
			const struct mm_struct *mm);
unsigned long purser_cgroup_key(const struct purser_cgroup *cgroup, int nid);

#endif /* PURSER_CGROUP_H */
