/* SPDX-License-Identifier: GPL-2.0 */
/* The log of a container: its file, and its source in the log pipeline. */
#ifndef SUPERVISOR_CONTAINER_LOG_H
#define SUPERVISOR_CONTAINER_LOG_H

#include "control/request.h"
#include "log/format.h"
#include "registry.h"

/** struct earlier_log - a log in the pipeline of an earlier supervisor */
struct earlier_log {
	uint64_t key;
	char *path;
	bool claimed; /* it belongs to a container */
};

/** log_path() - make the path of a container's log; NULL: out of memory */
char *log_path(const struct supervisor *supervisor, const char *name);

/** container_choose_log() - set path and settings; 0 or a negative errno */
int container_choose_log(struct container *c, const struct log_choice *choice);

/**
 * container_open_log() - add the log to the pipeline
 * @fds: the reading ends of its FIFOs; they belong to the pipeline on success
 */
int container_open_log(struct container *c, const int fds[LOG_N_STREAMS],
		       struct failure *failure);

/**
 * container_take_over_log() - read its FIFOs again
 * @log: NULL: the earlier pipeline had no log of that key
 * Returns 0, even if there is nothing to read, or a negative errno.
 */
int container_take_over_log(struct container *c, struct earlier_log *log);

/** container_finish_log() - the container is dead: read the rest, then close the log */
void container_finish_log(struct container *c);
/**
 * container_trim_log() - remove its oldest files, to keep as many as its settings say
 * The first time that this supervisor sees the log of an earlier container, this looks at all
 * numbers. Later there is no gap between them, unless somebody else removes files.
 */
void container_trim_log(struct container *c);
/** container_remove_log() - remove the log of container @name; @gaps: see logfile_trim() */
void container_remove_log(const struct supervisor *supervisor, const char *name,
			  bool gaps);
/** container_undo_log() - its start failed: give the earlier log its name back */
void container_undo_log(struct container *c);

#endif /* SUPERVISOR_CONTAINER_LOG_H */
