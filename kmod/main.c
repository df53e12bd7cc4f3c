// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading the module.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <trace/events/kmem.h>
#include <trace/events/oom.h>
#include <trace/events/sched.h>
#include <trace/events/signal.h>

#include "compat.h"
#include "crossing.h"
#include "event.h"
#include "ioctl.h"
#include "killer.h"
#include "lifecycle.h"
#include "member.h"
#include "memory.h"
#include "netlink.h"
#include "probe.h"
#include "register.h"
#include "retire.h"
#include "rss.h"
#include "table.h"
#include "unshare.h"
#include "work.h"

struct workqueue_struct *purser_wq;

/* Some kernels pass more arguments than the probes need; see compat.h. */
static void __maybe_unused on_exit_in_group(void *unused,
					    struct task_struct *task,
					    bool group_dead)
{
	purser_lifecycle_on_exit(unused, task);
}

static void __maybe_unused on_rss_stat_count(void *unused, struct mm_struct *mm,
					     int counter, long count)
{
	purser_crossing_on_rss_stat(unused, mm, counter);
}

#define ON_EXIT                                                           \
	PURSER_PROBE_EITHER(sched_process_exit, purser_lifecycle_on_exit, \
			    on_exit_in_group)
#define ON_OOM_VICTIM                                                 \
	PURSER_PROBE_EITHER(mark_victim, purser_killer_on_oom_victim, \
			    purser_killer_on_oom_victim_pid)
#define ON_RSS_STAT                                                \
	PURSER_PROBE_EITHER(rss_stat, purser_crossing_on_rss_stat, \
			    on_rss_stat_count)

static struct purser_probe probes[] = {
	{ .name = "sched_process_fork", .func = purser_lifecycle_on_fork },
	{ .name = "sched_process_exec", .func = purser_lifecycle_on_exec },
	{ .name = "sched_process_exit", .func = ON_EXIT },
	{ .name = "signal_generate", .func = purser_killer_on_signal },
	{ .name = "mark_victim", .func = ON_OOM_VICTIM },
	{ .name = "rss_stat", .func = ON_RSS_STAT },
};

/* Attached while any container is live. Users hold the table's mutex. */
static struct purser_probe_group container_probes = {
	.probes = probes,
	.count = ARRAY_SIZE(probes),
};

/*
 * The kernel calls probes through untyped pointers. This function does not compile if the
 * arguments of a probe do not match those of its tracepoint.
 */
static inline void check_probes(void)
{
	check_trace_callback_type_sched_process_fork(purser_lifecycle_on_fork);
	check_trace_callback_type_sched_process_exec(purser_lifecycle_on_exec);
	check_trace_callback_type_sched_process_exit(ON_EXIT);
	check_trace_callback_type_signal_generate(purser_killer_on_signal);
	check_trace_callback_type_mark_victim(ON_OOM_VICTIM);
	check_trace_callback_type_rss_stat(ON_RSS_STAT);
}

static int __init purser_init(void)
{
	int err;

	check_probes();
	err = purser_probe_find(&container_probes);
	if (err)
		return err;
	purser_unshare_init();
	purser_wq = alloc_workqueue("purser", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!purser_wq)
		return -ENOMEM;
	err = purser_event_init(purser_netlink_multicast);
	if (err)
		goto err_wq;
	err = purser_table_init();
	if (err)
		goto err_event;
	err = purser_member_init();
	if (err)
		goto err_table;
	err = purser_rss_init();
	if (err)
		goto err_member;
	purser_register_init(&container_probes);
	purser_retire_init(&container_probes);
	/* Must come last: from here on requests arrive. */
	err = purser_netlink_init();
	if (err)
		goto err_rss;
	err = purser_ioctl_init();
	if (err)
		goto err_netlink;
	pr_info("loaded version=%s\n", PURSER_VERSION);
	return 0;

	/* No container is registered: enter() refuses while the module is loading. */
err_netlink:
	purser_event_stop();
	purser_netlink_exit();
err_rss:
	purser_rss_free();
err_member:
	purser_member_free();
err_table:
	purser_table_free();
err_event:
	purser_event_free();
err_wq:
	destroy_workqueue(purser_wq);
	return err;
}

/*
 * No container is live, because each live one pins the module. Ended records may be left.
 * The work item that retired the last container may still be finishing.
 */
static void __exit purser_exit(void)
{
	purser_ioctl_exit();
	purser_event_stop();
	purser_netlink_exit();
	purser_memory_stop();
	/* RCU callbacks queue work items; destroy_workqueue() waits for these. */
	rcu_barrier();
	destroy_workqueue(purser_wq);
	purser_table_free();
	purser_rss_free();
	purser_member_free();
	purser_event_free();
	pr_info("unloaded\n");
}

module_init(purser_init);
module_exit(purser_exit);

MODULE_DESCRIPTION("Container table, limits and event log of Purser");
MODULE_AUTHOR("The Purser authors");
MODULE_VERSION(PURSER_VERSION);
MODULE_LICENSE("GPL");
