/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Seccomp profiles in docker's format: an OCI profile whose rules may have conditions, which
 * docker and podman resolve before they call a runtime.
 */
#ifndef SECCOMP_DOCKER_H
#define SECCOMP_DOCKER_H

#include <json-c/json.h>
#include <stdint.h>

/** struct docker_target - what a profile is resolved for */
struct docker_target {
	uint64_t capabilities; /* of the container, as bits */
	const char *kernel;    /* its release, "6.1.0-13-amd64" */
};

/**
 * docker_profile_resolve() - make an OCI profile of a docker profile, in place
 * Leaves out the rules whose "includes" or "excludes" do not fit, replaces "archMap" by the
 * architectures of this machine, and "name" by "names". Everything else stays as it is, also
 * what is not valid. Returns 0 or -ENOMEM.
 */
int docker_profile_resolve(struct json_object *profile,
			   const struct docker_target *target);

#endif /* SECCOMP_DOCKER_H */
