/* SPDX-License-Identifier: GPL-2.0 */
/* The seccomp profile of a request, in docker's or the OCI's format. */
#ifndef SUPERVISOR_PROFILE_H
#define SUPERVISOR_PROFILE_H

#include "base/failure.h"
#include "seccomp/profile.h"

/**
 * profile_compile() - compile a profile for a container
 * @text: the JSON; @capabilities: of the container, as bits
 * @program: for seccomp_program_free(), also after a failure
 * Returns 0, or -1 with @failure filled. Profiles with SCMP_ACT_NOTIFY are refused.
 */
int profile_compile(const char *text, uint64_t capabilities,
		    struct seccomp_program *program, struct failure *failure);

#endif /* SUPERVISOR_PROFILE_H */
