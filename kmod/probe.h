/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attaching functions ("probes") to tracepoints of the kernel.
 */
#ifndef PURSER_PROBE_H
#define PURSER_PROBE_H

#include <linux/tracepoint.h>

/*
 * struct purser_probe - a function to attach to a tracepoint
 * @name: name of the tracepoint, as in include/trace/events/
 * @func: takes NULL, then the tracepoint's arguments
 * @tracepoint: set by purser_probe_find()
 */
struct purser_probe {
	const char *name;
	void *func;
	struct tracepoint *tracepoint;
};

/*
 * struct purser_probe_group - probes that are attached and detached together
 * @probes: the probes, attached in this order
 * @count: number of @probes
 * @found: the kernel has all of these tracepoints
 * @attached: number of probes attached, from the first on
 * @users: number of users, see purser_probe_get()
 * @next: next of the groups whose tracepoints were found
 */
struct purser_probe_group {
	struct purser_probe *probes;
	unsigned int count;
	bool found;
	unsigned int attached;
	unsigned int users;
	struct purser_probe_group *next;
};

int purser_probe_find(struct purser_probe_group *group);
int __must_check purser_probe_get(struct purser_probe_group *group);
void purser_probe_put(struct purser_probe_group *group);
const char *purser_probe_attached(unsigned int index);

#endif /* PURSER_PROBE_H */
