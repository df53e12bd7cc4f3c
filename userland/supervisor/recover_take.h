/* SPDX-License-Identifier: GPL-2.0 */
/* Taking over one container: what it has on the host, and its log; see recover.h. */
#ifndef SUPERVISOR_RECOVER_TAKE_H
#define SUPERVISOR_RECOVER_TAKE_H

#include <stdbool.h>
#include <stdint.h>

struct container;

/** struct source - a log of the earlier pipeline */
struct source {
	uint64_t key;
	char *path;
	bool claimed; /* by a container */
};

/**
 * recover_resources() - its run folder, its state folder and its cgroup
 * What somebody else may have noted there is left behind, with a line on stderr.
 * Returns 0 or a negative errno.
 */
int recover_resources(struct container *c);

/**
 * recover_log() - have its FIFOs read again
 * @source: its log; NULL where the earlier pipeline had none of that key
 * Returns 0, also where there is nothing to read, or a negative errno.
 */
int recover_log(struct container *c, struct source *source);

#endif /* SUPERVISOR_RECOVER_TAKE_H */
