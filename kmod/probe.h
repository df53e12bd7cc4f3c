/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the kernel that the module listens to.
 */
#ifndef PURSER_PROBE_H
#define PURSER_PROBE_H

#include <linux/tracepoint.h>

/*
 * struct purser_probe - a function at a tracepoint
 * @name: of the tracepoint, as in include/trace/events/
 * @func: takes NULL, then the tracepoint's arguments
 */
struct purser_probe {
	const char *name;
	void *func;
	struct tracepoint *tracepoint;
};

int purser_probe_find(struct purser_probe *probes, unsigned int count);
int __must_check purser_probe_get(void);
void purser_probe_put(void);
const char *purser_probe_attached(unsigned int index);

#endif /* PURSER_PROBE_H */
