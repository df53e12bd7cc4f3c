/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The launch of a container: a job holds the description for launch.h, made from a
 * request, and everything that it points to. It is freed when the launch is over.
 */
#ifndef SUPERVISOR_JOB_H
#define SUPERVISOR_JOB_H

#include <limits.h>

#include "launch/launch.h"
#include "control/request.h"
#include "mounts.h"
#include "overlay/overlay.h"
#include "rlimits.h"
#include "seccomp/profile.h"

struct launch_job {
	struct start_request request;
	struct string_list env; /* the whole environment */
	char **init_argv;	/* of the init program; NULL: there is none */
	cpu_set_t *cpus;
	size_t cpus_size;
	struct container_spec spec;
	struct container_mounts mounts;
	struct seccomp_program profile; /* of the request */
	struct resource_limit limits[RLIM_NLIMITS];
	char hostname[HOST_NAME_MAX + 1]; /* see struct start_request */
	const char *state_dir;		  /* of the overlay, or NULL */
	uint64_t image_bytes;		  /* see struct overlay_spec */
	struct namespace_spec userns;	  /* see job_set_userns() */
	struct overlay_map map;
	struct launch launch;
	bool begun; /* job_free() must end the launch */
};

/**
 * job_new() - describe a container
 * @request: taken over on success
 * @argv: the command; must stay until job_free()
 * @rootfs: path of the root, or of the base if the request has no root
 * @root_fd: the same, open; must stay open until job_begin()
 * @state_dir: must stay until job_free(); NULL: no overlay
 * @cgroup_fd: must stay open until job_free(); -1: no cgroup
 * @mounts: taken over on success
 * Returns NULL with @failure filled if that fails.
 */
struct launch_job *job_new(struct start_request *request, char *const *argv,
			   const char *rootfs, int root_fd,
			   const char *state_dir, int cgroup_fd,
			   struct container_mounts *mounts,
			   struct failure *failure);
/** job_set_limits() - give the process @defaults, and the limits of the request */
void job_set_limits(struct launch_job *job,
		    const struct container_rlimits *defaults);
/**
 * job_set_userns() - let the container join a user namespace, and map its files' ids
 * @userns: must stay open until job_begin()
 * @root: what root of it is outside
 */
void job_set_userns(struct launch_job *job, int userns, uid_t root);
/**
 * job_begin() - mount the overlay, if there is one, and begin the launch
 * Returns 0, or -1 with @failure filled.
 */
int job_begin(struct launch_job *job, const int stdio[3],
	      struct failure *failure);
/** job_free() - end the launch, and free the job; NULL is allowed */
void job_free(struct launch_job *job);

#endif /* SUPERVISOR_JOB_H */
