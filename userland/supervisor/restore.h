/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Run folders that somebody has removed while no supervisor was there, for example a
 * program that cleans /run. The container lives on, and blocks when nobody reads its output.
 */
#ifndef SUPERVISOR_RESTORE_H
#define SUPERVISOR_RESTORE_H

#include "log/format.h"
#include "registry.h"

/**
 * container_restore_run_folder() - make the run folder of a live container again
 * It names the container's layer and cgroup, so that they are removed at the end. It has no
 * FIFOs: a removed FIFO cannot get a name again. Does nothing if the folder is there.
 */
int container_restore_run_folder(struct container *c);

/**
 * container_find_fifos() - open the FIFOs of a live container for reading
 * @fds: set only on success. They are found by the descriptors that its processes have. A
 *	FIFO that no process has open any more reads as empty.
 * Returns 0 or a negative errno; -ENOENT: neither is open.
 */
int container_find_fifos(const struct container *c, int fds[LOG_N_STREAMS]);

#endif /* SUPERVISOR_RESTORE_H */
