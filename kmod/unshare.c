// SPDX-License-Identifier: GPL-2.0
/*
 * Watching page faults that end the sharing of pages.
 *
 * After fork(), parent and child share pages. A write to a shared page copies it: usage
 * grows, but RSS does not, so the tracepoint rss_stat does not fire. Therefore, while a
 * container's RSS is above a limit and its usage is not, the module attaches to the
 * tracepoints of page faults.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mutex.h>
#include <linux/printk.h>

#include "compat.h"
#include "crossing.h"
#include "probe.h"
#include "unshare.h"

#if PURSER_HAVE_PAGE_FAULT
static struct purser_probe fault_probes[] = {
	{ .name = "page_fault_user", .func = purser_crossing_on_page_fault },
	{ .name = "page_fault_kernel", .func = purser_crossing_on_page_fault },
};

static inline void check_probes(void)
{
	check_trace_callback_type_page_fault_user(
		purser_crossing_on_page_fault);
	check_trace_callback_type_page_fault_kernel(
		purser_crossing_on_page_fault);
}

static struct purser_probe_group fault_group = {
	.probes = fault_probes,
	.count = ARRAY_SIZE(fault_probes),
};
#else
static inline void check_probes(void)
{
}

static struct purser_probe_group fault_group;
#endif

/* Protects limits.watched and the group. Taken inside the table's mutex. */
static DEFINE_MUTEX(watch_mutex);

/**
 * purser_unshare_watch() - start or stop watching the page faults of a container
 * @c: the container
 * @watch: true to start
 *
 * Context: process context.
 */
void purser_unshare_watch(struct purser_container *c, bool watch)
{
	mutex_lock(&watch_mutex);
	if (watch && !c->limits.watched && !READ_ONCE(c->removed)) {
		/* If it fails, the sweep still finds the crossing. */
		if (!purser_probe_get(&fault_group))
			WRITE_ONCE(c->limits.watched, true);
	} else if (!watch && c->limits.watched) {
		WRITE_ONCE(c->limits.watched, false);
		purser_probe_put(&fault_group);
	}
	mutex_unlock(&watch_mutex);
}

/**
 * purser_unshare_init() - find the page fault tracepoints, which some machines lack
 */
void __init purser_unshare_init(void)
{
	check_probes();
	if (purser_probe_find(&fault_group))
		pr_info("no page fault tracepoints: copied pages are counted every sweep_ms only\n");
}
