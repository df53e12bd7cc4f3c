/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is needed while a container is launched, and no longer: the description
 * that launch.h takes, made of a request, and all that it points to.
 */
#ifndef SUPERVISOR_JOB_H
#define SUPERVISOR_JOB_H

#include <limits.h>

#include "launch/launch.h"
#include "control/request.h"

struct launch_job {
	struct start_request request;
	struct string_list env; /* the whole environment */
	cpu_set_t *cpus;
	size_t cpus_size;
	struct container_spec spec;
	char hostname[HOST_NAME_MAX + 1]; /* as much of the id as can be */
	const char *state_dir;		  /* of an overlay, or NULL */
	uint64_t image_bytes;		  /* see struct overlay_spec */
	struct launch launch;
	bool begun; /* launch is to be ended */
};

/**
 * job_new() - describe a container; NULL, with @failure filled, if that fails
 * @request: taken over on success
 * @argv: the command; kept by the caller until job_free()
 * @rootfs: the lower layer where the request has none; its name
 * @root_fd: the same, opened; kept by the caller until job_begin()
 * @state_dir: kept by the caller until job_free(); NULL where there is none
 * @cgroup_fd: likewise; -1 where there is none
 */
struct launch_job *job_new(struct start_request *request, char *const *argv,
			   const char *rootfs, int root_fd,
			   const char *state_dir, int cgroup_fd,
			   struct failure *failure);
/**
 * job_begin() - mount the overlay, if it is to have one, and begin the launch
 * Returns 0, or -1 with @failure filled.
 */
int job_begin(struct launch_job *job, const int stdio[3],
	      struct failure *failure);
/** job_free() - also ends the launch; NULL is no job */
void job_free(struct launch_job *job);

#endif /* SUPERVISOR_JOB_H */
