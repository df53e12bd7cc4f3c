/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an earlier supervisor has left that belongs to no record of the kernel's table:
 * run folders of starts that were not registered or of containers that somebody has
 * unregistered, and logs of the earlier pipeline.
 */
#ifndef SUPERVISOR_ORPHAN_H
#define SUPERVISOR_ORPHAN_H

#include "container_log.h"
#include "supervisor.h"

/** struct recovery - a takeover, see recover.h */
struct recovery {
	struct supervisor *supervisor;
	struct earlier_log *logs;
	size_t n_logs;
	int err;
};

/** recovery_begin() - list the logs of the earlier pipeline; 0 or a negative errno */
int recovery_begin(struct recovery *r);
void recovery_end(struct recovery *r);

/** recovery_log_by_key() - NULL if there is none */
struct earlier_log *recovery_log_by_key(struct recovery *r, uint64_t key);

/**
 * take_over_orphans() - remove what nobody uses, and finish logs of nobody
 * After all records were taken over. Returns 0 or a negative errno, reported.
 */
int take_over_orphans(struct recovery *r);

#endif /* SUPERVISOR_ORPHAN_H */
