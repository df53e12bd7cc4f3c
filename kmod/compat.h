/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions, and nowhere else.
 *
 * Supported: 6.1 and later, but for PREEMPT_RT: there probes run where the locks that
 * they take may sleep.
 */
#ifndef PURSER_COMPAT_H
#define PURSER_COMPAT_H

#ifdef CONFIG_PREEMPT_RT
#error "PREEMPT_RT is not supported"
#endif

#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/version.h>
#include <net/genetlink.h>

/*
 * The kernel's counters of an address space, MM_FILEPAGES and others, in pages.
 *
 * 6.2 made them per-CPU (f1a7941243c1, "mm: convert mm's rss stats into
 * percpu_counter"): a plain read is then off by at most one batch for each CPU, an
 * exact one takes a raw spinlock and looks at all CPUs. Before, each thread kept
 * up to 64 pages for itself, which nobody else can read.
 */
static inline long purser_mm_pages(struct mm_struct *mm, int counter)
{
	return get_mm_counter(mm, counter);
}

static inline long purser_mm_pages_exact(struct mm_struct *mm, int counter)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return percpu_counter_sum_positive(&mm->rss_stat[counter]);
#else
	return get_mm_counter(mm, counter);
#endif
}

/* By how much plain reads of all counters together may be wrong. */
static inline long purser_mm_error(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return 3L * percpu_counter_batch * num_online_cpus();
#else
	return 0;
#endif
}

/*
 * What the tracepoint rss_stat tells its probes. 6.2 took the count out of it, and
 * raises it for each change; before, for what a thread passes on.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define PURSER_RSS_STAT_ARGS struct mm_struct *mm, int counter
#else
#define PURSER_RSS_STAT_ARGS struct mm_struct *mm, int counter, long count
#endif

/*
 * The tracepoints of page faults were x86's own once, and some machines have none.
 * sparse does not know __has_include.
 */
#ifndef __CHECKER__
#if __has_include(<trace/events/exceptions.h>)
#include <trace/events/exceptions.h>
#define PURSER_HAVE_PAGE_FAULT
#elif __has_include(<asm/trace/exceptions.h>)
#include <asm/trace/exceptions.h>
#define PURSER_HAVE_PAGE_FAULT
#endif
#endif

/*
 * 6.9 gave pidfds a file system of their own (cb12fd8e0dab, "pidfd: add pidfs");
 * before that each was an anonymous inode of that name.
 */
static inline bool purser_file_is_pidfd(const struct file *file)
{
#ifdef PID_FS_MAGIC
	return file_inode(file)->i_sb->s_magic == PID_FS_MAGIC;
#else
	return file_inode(file)->i_sb->s_magic == ANON_INODE_FS_MAGIC &&
	       !strcmp((const char *)file->f_path.dentry->d_name.name,
		       "[pidfd]");
#endif
}

/*
 * What the tracepoint sched_process_exit tells its probes. 6.16 added whether the
 * task was the last of its process.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define PURSER_EXIT_ARGS struct task_struct *task, bool group_dead
#else
#define PURSER_EXIT_ARGS struct task_struct *task
#endif

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

/* 6.0 and the stable trees made it. */
#ifdef test_bit_acquire
#define purser_test_bit_acquire(nr, addr) test_bit_acquire(nr, addr)
#else
static inline bool purser_test_bit_acquire(long nr, const unsigned long *addr)
{
	bool set = test_bit(nr, addr);

	smp_mb__after_atomic();
	return set;
}
#endif

/*
 * Is a process exiting for good? SIGKILL does not change its exit status any more. It
 * ends a core dump that is under way, and is the status then.
 *
 * 5.17 made core_state the sign of a core dump (2f824d4d197e, "signal: Remove
 * SIGNAL_GROUP_COREDUMP"); before, SIGNAL_GROUP_EXIT was set after the dump.
 */
static inline bool purser_signal_is_final(const struct signal_struct *signal)
{
	if (!(READ_ONCE(signal->flags) & SIGNAL_GROUP_EXIT))
		return false;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	return !READ_ONCE(signal->core_state);
#else
	return true;
#endif
}

/* The flags of a page. 6.18 gave them a type of their own. */
static inline unsigned long purser_page_flags(const struct page *page)
{
	return *(const volatile unsigned long *)&page->flags;
}

#ifdef CONFIG_MEMCG
/*
 * The cgroup that is charged for a page, as a value to compare. 7.1 charges the pages
 * of user space, like those of the kernel, to the object cgroup of their node.
 */
static inline unsigned long purser_page_cgroup(const struct page *page)
{
	return READ_ONCE(page->memcg_data) & ~(__NR_MEMCG_DATA_FLAGS - 1UL);
}

static inline unsigned long purser_memcg_key(const struct mem_cgroup *memcg,
					     int nid)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
	return (unsigned long)rcu_access_pointer(memcg->nodeinfo[nid]->objcg);
#else
	return (unsigned long)memcg;
#endif
}
#else
static inline unsigned long purser_page_cgroup(const struct page *page)
{
	return 0;
}
#endif

#endif /* PURSER_COMPAT_H */
