/* SPDX-License-Identifier: GPL-2.0 */
/* The seccomp filter of the engine's containers, see filter.c. */
#ifndef SUPERVISOR_FILTER_H
#define SUPERVISOR_FILTER_H

#include "base/failure.h"

struct sock_fprog;

/**
 * policy_filter() - return the filter for struct process_spec
 * The first call makes it; it is never freed. NULL: it cannot be made, and @failure is
 * filled.
 */
const struct sock_fprog *policy_filter(struct failure *failure);

#endif /* SUPERVISOR_FILTER_H */
