/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions, and nowhere else.
 *
 * Supported: 6.1 and later.
 */
#ifndef PURSER_COMPAT_H
#define PURSER_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>
#include <net/genetlink.h>

/*
 * 6.2 made the RSS counters per-CPU (f1a7941243c1, "mm: convert mm's rss stats
 * into percpu_counter"): a plain read can be off by a batch for each CPU.
 */
static inline unsigned long purser_mm_rss_pages(struct mm_struct *mm)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return percpu_counter_sum_positive(&mm->rss_stat[MM_FILEPAGES]) +
	       percpu_counter_sum_positive(&mm->rss_stat[MM_ANONPAGES]) +
	       percpu_counter_sum_positive(&mm->rss_stat[MM_SHMEMPAGES]);
#else
	return get_mm_rss(mm);
#endif
}

/* 6.7 gave dumps a struct genl_info of their own. */
static inline struct nlattr **purser_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return genl_info_dump(cb)->attrs;
#else
	/* The array is not const, what it hangs on is. */
	return genl_dumpit_info(cb)->attrs;
#endif
}

/*
 * What a socket must be allowed to do to join a multicast group. The flag was
 * named for the group in 6.7 and in the stable trees; before that the flag of
 * the operations meant the same.
 */
#ifdef GENL_MCAST_CAP_NET_ADMIN
#define PURSER_MCAST_ADMIN GENL_MCAST_CAP_NET_ADMIN
#else
#define PURSER_MCAST_ADMIN GENL_UNS_ADMIN_PERM
#endif

#endif /* PURSER_COMPAT_H */
