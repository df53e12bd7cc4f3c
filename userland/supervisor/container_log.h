/* SPDX-License-Identifier: GPL-2.0 */
/* The log of a container: its file, and its place in the log pipeline. */
#ifndef SUPERVISOR_CONTAINER_LOG_H
#define SUPERVISOR_CONTAINER_LOG_H

#include "control/request.h"
#include "log/format.h"
#include "registry.h"

/** struct earlier_log - a log of an earlier supervisor's pipeline */
struct earlier_log {
	uint64_t key;
	char *path;
	bool claimed; /* by a container */
};

/** container_choose_log() - what was asked for, and the defaults for the rest */
int container_choose_log(struct container *c, const struct log_choice *choice);

/**
 * container_open_log() - have its FIFOs read and its file written
 * @fds: the reading ends; the pipeline's on success
 */
int container_open_log(struct container *c, const int fds[LOG_N_STREAMS],
		       struct failure *failure);

/**
 * container_take_over_log() - have its FIFOs read again
 * @log: NULL if the earlier pipeline had none of that key
 * Returns 0, also if there is nothing to read, or a negative errno.
 */
int container_take_over_log(struct container *c, struct earlier_log *log);

/** container_finish_log() - nothing more will be written: read the rest, then close */
void container_finish_log(struct container *c);
/** container_trim_log() - remove its oldest files, beyond the number that it keeps */
void container_trim_log(struct container *c);
/** container_undo_log() - its start failed: the earlier log has its name again */
void container_undo_log(struct container *c);

#endif /* SUPERVISOR_CONTAINER_LOG_H */
