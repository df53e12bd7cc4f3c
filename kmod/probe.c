// SPDX-License-Identifier: GPL-2.0
/*
 * Finding tracepoints by name, attaching probes to them and detaching them.
 *
 * The kernel does not export its tracepoints one by one; it exports a walk over all of
 * them. Probes form groups. A group is attached while it has users, so an idle module
 * costs the kernel nothing.
 *
 * All functions run in process context. Callers must not call functions for the same
 * group at the same time.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "probe.h"

/* All groups whose tracepoints were found; filled at load. */
static struct purser_probe_group *groups;
static struct purser_probe_group **last_group = &groups;

static void match_tracepoint(struct tracepoint *tp, void *data)
{
	struct purser_probe_group *group = data;
	unsigned int i;

	for (i = 0; i < group->count; i++)
		if (!strcmp(group->probes[i].name, tp->name))
			group->probes[i].tracepoint = tp;
}

/**
 * purser_probe_find() - find the tracepoints of a group; called once, at load
 * @group: must exist until the module is unloaded
 *
 * Return: 0, or -ENOENT if the kernel lacks a tracepoint or the group is empty.
 */
int __init purser_probe_find(struct purser_probe_group *group)
{
	unsigned int i;

	if (!group->count)
		return -ENOENT;
	for_each_kernel_tracepoint(match_tracepoint, group);
	for (i = 0; i < group->count; i++) {
		if (group->probes[i].tracepoint)
			continue;
		pr_err("this kernel has no tracepoint %s\n",
		       group->probes[i].name);
		return -ENOENT;
	}
	*last_group = group;
	last_group = &group->next;
	group->found = true;
	return 0;
}

static void detach_all(struct purser_probe_group *group)
{
	while (group->attached) {
		struct purser_probe *probe =
			&group->probes[group->attached - 1];

		tracepoint_probe_unregister(probe->tracepoint, probe->func,
					    NULL);
		WRITE_ONCE(group->attached, group->attached - 1);
	}
	/* When this returns, no probe runs any more. */
	tracepoint_synchronize_unregister();
}

/**
 * purser_probe_get() - add a user to a group; the first one attaches all its probes
 * @group: the group
 *
 * Return: 0, or a negative errno; on error no probe of the group stays attached.
 */
int purser_probe_get(struct purser_probe_group *group)
{
	int err;

	if (!group->found)
		return -ENOENT;
	if (group->users) {
		group->users++;
		return 0;
	}
	while (group->attached < group->count) {
		struct purser_probe *probe = &group->probes[group->attached];

		err = tracepoint_probe_register(probe->tracepoint, probe->func,
						NULL);
		if (err) {
			pr_err("cannot attach to tracepoint %s: %d\n",
			       probe->name, err);
			detach_all(group);
			return err;
		}
		WRITE_ONCE(group->attached, group->attached + 1);
	}
	group->users = 1;
	return 0;
}

/**
 * purser_probe_put() - remove a user; the last one detaches all probes and waits for them
 * @group: the group
 */
void purser_probe_put(struct purser_probe_group *group)
{
	if (--group->users == 0)
		detach_all(group);
}

/**
 * purser_probe_attached() - the name of an attached tracepoint
 * @index: from 0
 *
 * Return: the name, or NULL if @index is not below the number of attached tracepoints.
 */
const char *purser_probe_attached(unsigned int index)
{
	const struct purser_probe_group *group;
	unsigned int attached;

	for (group = groups; group; group = group->next) {
		attached = READ_ONCE(group->attached);
		if (index < attached)
			return group->probes[index].name;
		index -= attached;
	}
	return NULL;
}
