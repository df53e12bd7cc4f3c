/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking over things of an earlier supervisor that belong to no record of the kernel's
 * table: run folders of starts that were not registered, run folders of containers that
 * somebody has unregistered, and logs of the earlier pipeline.
 */
#ifndef SUPERVISOR_ORPHAN_H
#define SUPERVISOR_ORPHAN_H

#include "container_log.h"
#include "supervisor.h"

/** struct recovery - state of recover(), see recover.h */
struct recovery {
	struct supervisor *supervisor;
	struct earlier_log *logs;
	size_t n_logs;
	int err;
};

/** recovery_begin() - list the logs of the earlier pipeline; 0 or a negative errno */
int recovery_begin(struct recovery *r);
void recovery_end(struct recovery *r);

/** recovery_log_by_key() - find a log of the earlier pipeline; NULL: there is none */
struct earlier_log *recovery_log_by_key(struct recovery *r, uint64_t key);

/**
 * take_over_orphans() - remove unused run folders and their things, and finish logs
 * Call it after all records were taken over. Returns 0 or a negative errno, after it has
 * printed an error.
 */
int take_over_orphans(struct recovery *r);

#endif /* SUPERVISOR_ORPHAN_H */
