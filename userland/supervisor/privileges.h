/* SPDX-License-Identifier: GPL-2.0 */
/* The user and the privileges that a request asks for. */
#ifndef SUPERVISOR_PRIVILEGES_H
#define SUPERVISOR_PRIVILEGES_H

#include "control/request.h"
#include "launch/spec.h"

/** privileges_capabilities() - the capabilities of a container, as bits */
uint64_t privileges_capabilities(const struct start_request *request);

/**
 * privileges_set() - change the defaults of policy_init() as the request asks
 * The strings of @request must stay as long as @spec.
 */
void privileges_set(struct container_spec *spec,
		    const struct start_request *request);

#endif /* SUPERVISOR_PRIVILEGES_H */
