// SPDX-License-Identifier: GPL-2.0
/*
 * Finding tracepoints by name, attaching and detaching probes.
 *
 * The kernel does not export its tracepoints one by one; it exports a walk over
 * all of them. Probes are attached while somebody holds a use of them, that is
 * while a container is registered: an idle module costs the kernel nothing.
 *
 * All of this runs in process context, under the table's mutex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "probe.h"

static struct purser_probe *probes;
static unsigned int probe_count;
static unsigned int attached; /* the first so many of them are */
static unsigned int users;

static void match_tracepoint(struct tracepoint *tp, void *unused)
{
	unsigned int i;

	for (i = 0; i < probe_count; i++)
		if (!strcmp(probes[i].name, tp->name))
			probes[i].tracepoint = tp;
}

/**
 * purser_probe_find() - find the tracepoints of @list; once, at load
 * @list: stays in use until the module goes
 * @count: of @list
 *
 * Return: 0, or -ENOENT where the kernel has none of that name.
 */
int purser_probe_find(struct purser_probe *list, unsigned int count)
{
	unsigned int i;

	probes = list;
	probe_count = count;
	for_each_kernel_tracepoint(match_tracepoint, NULL);
	for (i = 0; i < count; i++) {
		if (probes[i].tracepoint)
			continue;
		pr_err("this kernel has no tracepoint %s\n", probes[i].name);
		return -ENOENT;
	}
	return 0;
}

static void detach_all(void)
{
	while (attached) {
		struct purser_probe *probe = &probes[attached - 1];

		tracepoint_probe_unregister(probe->tracepoint, probe->func,
					    NULL);
		WRITE_ONCE(attached, attached - 1);
	}
	/* No probe runs any more once this returns. */
	tracepoint_synchronize_unregister();
}

/**
 * purser_probe_get() - attach all probes, or count one more use of them
 * Context: process context, under the table's mutex.
 * Return: 0, or a negative errno with nothing attached that was not before.
 */
int purser_probe_get(void)
{
	int err;

	if (users) {
		users++;
		return 0;
	}
	while (attached < probe_count) {
		struct purser_probe *probe = &probes[attached];

		err = tracepoint_probe_register(probe->tracepoint, probe->func,
						NULL);
		if (err) {
			pr_err("cannot attach to tracepoint %s: %d\n",
			       probe->name, err);
			detach_all();
			return err;
		}
		WRITE_ONCE(attached, attached + 1);
	}
	users = 1;
	return 0;
}

/**
 * purser_probe_put() - the counterpart; the last one detaches and waits
 */
void purser_probe_put(void)
{
	if (--users == 0)
		detach_all();
}

/**
 * purser_probe_attached() - name of the @index-th attached one, or NULL
 * @index: from 0
 */
const char *purser_probe_attached(unsigned int index)
{
	return index < READ_ONCE(attached) ? probes[index].name : NULL;
}
