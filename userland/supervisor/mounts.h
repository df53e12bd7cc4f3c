/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mounts of a container: those of every container (policy.h), then the volumes and
 * the tmpfs of its request.
 */
#ifndef SUPERVISOR_MOUNTS_H
#define SUPERVISOR_MOUNTS_H

#include "control/request.h"
#include "launch/spec.h"
#include "supervisor.h"

/** struct container_mounts - for mounts_free(); there is room for etc_files_add() */
struct container_mounts {
	struct mount_spec *specs;
	size_t n;
	struct string_list texts; /* what the specs point to */
};

/**
 * mounts_open() - describe the mounts, and open the sources of the volumes
 * A source must not be, hold or be inside a folder of the supervisor's own. It is opened
 * once: the check and the mount use the open file. The caller must mounts_free() also
 * after a failure.
 */
int mounts_open(const struct supervisor *supervisor,
		const struct start_request *request,
		struct container_mounts *mounts, struct failure *failure);
void mounts_free(struct container_mounts *mounts);

#endif /* SUPERVISOR_MOUNTS_H */
