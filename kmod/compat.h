/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions. No other file checks the version.
 *
 * The module supports kernels from 5.10 on, with 64 bits, without PREEMPT_RT. With
 * PREEMPT_RT the locks that probes take may sleep, and probes must not sleep.
 * Distributions backport changes. Therefore, if the kernel's headers show a difference,
 * this file checks the headers and not the version.
 */
#ifndef PURSER_COMPAT_H
#define PURSER_COMPAT_H

#ifdef CONFIG_PREEMPT_RT
#error "PREEMPT_RT is not supported"
#endif
#ifndef CONFIG_64BIT
#error "32-bit kernels are not supported: the module needs 64-bit counters that are read and written atomically"
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
 * PURSER_PROBE_EITHER chooses the probe whose arguments match the tracepoint. If neither
 * matches, the kernel's own check of the second probe does not compile.
 *
 *	sched_process_exit	since 6.16 it also passes whether the task was the last
 *	mark_victim		since 6.9 it passes the task, before that the pid
 *	rss_stat		until 6.1 it also passes the count
 */
#define PURSER_PROBE_FITS(tracepoint, probe)                     \
	__builtin_types_compatible_p(                            \
		typeof(&check_trace_callback_type_##tracepoint), \
		void (*)(typeof(&probe)))
#define PURSER_PROBE_EITHER(tracepoint, first, second)                     \
	__builtin_choose_expr(PURSER_PROBE_FITS(tracepoint, first), first, \
			      second)

/*
 * The kernel's counters of an address space (MM_FILEPAGES ...), in pages.
 *
 * 6.2 made them per-CPU (f1a7941243c1, "mm: convert mm's rss stats into
 * percpu_counter"). There, a plain read is wrong by at most one batch for each CPU; an
 * exact read takes a raw spinlock and looks at all CPUs. Before 6.2, a thread added its
 * pages to the counters only once in 64 page faults and kept them in a counter of its
 * own meanwhile.
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

/*
 * Pages that a thread has taken but not yet added to the counters of its address space.
 * Only kernels before 6.2 have such pages. May be below zero.
 */
static inline long purser_task_pages(const struct task_struct *task,
				     int counter)
{
#ifdef SPLIT_RSS_COUNTING
	return READ_ONCE(task->rss_stat.count[counter]);
#else
	return 0;
#endif
}

#ifdef SPLIT_RSS_COUNTING
#define PURSER_TASKS_KEEP_PAGES true
#else
#define PURSER_TASKS_KEEP_PAGES false
#endif

/* The greatest error of plain reads of all counters of an address space, in pages. */
static inline long purser_mm_error(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return 3L * percpu_counter_batch * num_online_cpus();
#else
	return 0;
#endif
}

/*
 * The tracepoints of page faults belonged to x86 once, and some machines have none.
 * sparse does not support __has_include.
 */
#ifndef __CHECKER__
#if __has_include(<trace/events/exceptions.h>)
#include <trace/events/exceptions.h>
#define PURSER_HAVE_PAGE_FAULT 1
#elif __has_include(<asm/trace/exceptions.h>)
#include <asm/trace/exceptions.h>
#define PURSER_HAVE_PAGE_FAULT 1
#endif
#endif
#ifndef PURSER_HAVE_PAGE_FAULT
#define PURSER_HAVE_PAGE_FAULT 0
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

/* 6.7 gave dumps a struct genl_info of their own. */
static inline struct nlattr **purser_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return genl_info_dump(cb)->attrs;
#else
	/* The struct is const here; the array that it points to is not. */
	return genl_dumpit_info(cb)->attrs;
#endif
}

/*
 * The flag of a multicast group that only holders of CAP_NET_ADMIN may join. 6.7 and
 * stable trees have a flag for groups; before that, the flag for operations had the same
 * effect.
 */
#ifdef GENL_MCAST_CAP_NET_ADMIN
#define PURSER_MCAST_ADMIN GENL_MCAST_CAP_NET_ADMIN
#else
#define PURSER_MCAST_ADMIN GENL_UNS_ADMIN_PERM
#endif

/* 6.1 added it; there it also reports which attribute is missing. */
#ifndef GENL_REQ_ATTR_CHECK
#define GENL_REQ_ATTR_CHECK(info, attr) (!(info)->attrs[attr])
#endif

/* 6.0 added it; stable trees have it too. */
#ifndef test_bit_acquire
#define test_bit_acquire(nr, addr) \
	(!!(smp_load_acquire(&(addr)[BIT_WORD(nr)]) & BIT_MASK(nr)))
#endif

/*
 * Is the process exiting with a status that no signal can change any more? While the
 * kernel dumps core, SIGKILL ends the dump and becomes the status. 5.16 and 5.17 removed
 * SIGNAL_GROUP_COREDUMP. Since then SIGNAL_GROUP_EXIT is set during a dump; before, the
 * kernel set it after the dump.
 *
 * Context: any; the answer may be outdated unless the caller holds siglock.
 */
static inline bool purser_signal_is_final(const struct signal_struct *sig)
{
#ifndef SIGNAL_GROUP_COREDUMP
	if (READ_ONCE(sig->core_state))
		return false;
#endif
	return READ_ONCE(sig->flags) & SIGNAL_GROUP_EXIT;
}

/*
 * Wake a thread from a ptrace stop, as a fatal signal does, unless its tracer is
 * executing a ptrace request on it just now. Caller holds its siglock. 5.19 added flags
 * for such a stop. Before, TASK_WAKEKILL was in the state of a thread while its tracer
 * executed no request on it.
 */
static inline void purser_leave_traced_stop(struct task_struct *t)
{
	struct wait_queue_entry wait = { .private = t };

#ifdef JOBCTL_TRACED
	if (!(t->jobctl & JOBCTL_TRACED) || t->jobctl & JOBCTL_PTRACE_FROZEN)
		return;
	t->jobctl &= ~(JOBCTL_STOPPED | JOBCTL_TRACED);
	default_wake_function(&wait, TASK_WAKEKILL | __TASK_TRACED, 0, NULL);
#else
	if (task_is_traced(t))
		default_wake_function(&wait, TASK_WAKEKILL, 0, NULL);
#endif
}

/* The flags of a page. 6.18 changed their type. */
static inline unsigned long purser_page_flags(const struct page *page)
{
	return *(const volatile unsigned long *)&page->flags;
}

#ifdef CONFIG_MEMCG
/*
 * The cgroup that is charged for a page, as a value to compare. 5.11 added flags in the
 * low bits of the pointer. Before 7.1 the value is the memory cgroup. Since 7.1 the
 * kernel charges user pages, like kernel pages, to the object cgroup of their node.
 */
static inline unsigned long purser_page_cgroup(const struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
	return READ_ONCE(page->memcg_data) & ~(__NR_MEMCG_DATA_FLAGS - 1UL);
#else
	return (unsigned long)READ_ONCE(page->mem_cgroup);
#endif
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
