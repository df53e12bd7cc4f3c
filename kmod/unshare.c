// SPDX-License-Identifier: GPL-2.0
/*
 * The end of sharing.
 *
 * A write to a page that fork() left shared copies it: more usage, and no more RSS,
 * so that the tracepoint of RSS does not tell of it. While a container's RSS is above a
 * limit and its usage is not, the tracepoints of page faults are attached.
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

/* Protects limits.watched and the group; inside the table's mutex. */
static DEFINE_MUTEX(watch_mutex);

/**
 * purser_unshare_watch() - watch the page faults of a container, or no more
 * @c: the container
 * @watch: whether to
 *
 * Context: process context.
 */
void purser_unshare_watch(struct purser_container *c, bool watch)
{
	mutex_lock(&watch_mutex);
	if (watch && !c->limits.watched && !READ_ONCE(c->removed)) {
		/* If it fails, then the sweep has to do. */
		if (!purser_probe_get(&fault_group))
			WRITE_ONCE(c->limits.watched, true);
	} else if (!watch && c->limits.watched) {
		WRITE_ONCE(c->limits.watched, false);
		purser_probe_put(&fault_group);
	}
	mutex_unlock(&watch_mutex);
}

/**
 * purser_unshare_init() - find tracepoints that are not everywhere
 */
void __init purser_unshare_init(void)
{
	check_probes();
	if (purser_probe_find(&fault_group))
		pr_info("no page fault tracepoints: the end of sharing is seen each sweep_ms\n");
}
