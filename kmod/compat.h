/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernel versions, and nowhere else.
 *
 * Supported: 5.10 and later on 64 bits, but for PREEMPT_RT: there probes run where the
 * locks that they take may sleep. Distributions backport changes: if the kernel's
 * headers show a difference by themselves, then they decide, not the version.
 */
#ifndef PURSER_COMPAT_H
#define PURSER_COMPAT_H

#ifdef CONFIG_PREEMPT_RT
#error "PREEMPT_RT is not supported"
#endif
#ifndef CONFIG_64BIT
#error "Kernels of 32 bits are not supported: the module needs counters of 64 bits that are read and written at once"
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
 * The macro chooses the probe whose arguments are those of the tracepoint. If neither
 * fits, then the kernel's own check of the second one does not compile.
 *
 *	sched_process_exit	since 6.16 also whether the task was the last one
 *	mark_victim		since 6.9 the task, before that its pid
 *	rss_stat		until 6.1 also the count
 */
#define PURSER_PROBE_FITS(tracepoint, probe)                     \
	__builtin_types_compatible_p(                            \
		typeof(&check_trace_callback_type_##tracepoint), \
		void (*)(typeof(&probe)))
#define PURSER_PROBE_EITHER(tracepoint, first, second)                     \
	__builtin_choose_expr(PURSER_PROBE_FITS(tracepoint, first), first, \
			      second)

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

/*
 * Pages that a thread has taken and not passed on to the counters of its address space
 * yet, which kernels before 6.2 let it keep for itself; may be below zero.
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
 * The tracepoints of page faults were x86's own once, and some machines have none.
 * sparse does not know __has_include.
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

/* 6.1 has it, and can name the attribute that is missing. */
#ifndef GENL_REQ_ATTR_CHECK
#define GENL_REQ_ATTR_CHECK(info, attr) (!(info)->attrs[attr])
#endif

/* 6.0 has it, and stable trees. */
#ifndef test_bit_acquire
#define test_bit_acquire(nr, addr) \
	(!!(smp_load_acquire(&(addr)[BIT_WORD(nr)]) & BIT_MASK(nr)))
#endif

/*
 * Is the process exiting with a status that no signal changes any more? While the kernel
 * dumps a core, SIGKILL ends the dump and becomes the status. 5.16 and 5.17 removed the
 * flag of a dump: since then a dump has SIGNAL_GROUP_EXIT set; before, that flag was
 * set after the dump.
 *
 * Context: any; the answer may be old unless the siglock is held.
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
 * Wake a thread that stands in a stop of ptrace, as SIGKILL would, unless its tracer is
 * looking at it just now. The caller holds its siglock. 5.19 gave such a stop flags of
 * its own; before, TASK_WAKEKILL was in the state while the tracer did not look.
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

/* The flags of a page. 6.18 gave them a type of their own. */
static inline unsigned long purser_page_flags(const struct page *page)
{
	return *(const volatile unsigned long *)&page->flags;
}

#ifdef CONFIG_MEMCG
/*
 * The cgroup that is charged for a page, as a value to compare. 5.11 put flags beside
 * the pointer. Before 7.1 it is the memory cgroup; since then the pages of user space
 * are charged, like those of the kernel, to the object cgroup of their node.
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
