/* SPDX-License-Identifier: GPL-2.0 */
/* The filter of system calls that the engine's containers have, see filter.c. */
#ifndef SUPERVISOR_FILTER_H
#define SUPERVISOR_FILTER_H

#include "base/failure.h"

struct sock_fprog;

/**
 * policy_filter() - the filter, for struct process_spec
 * It is made once, and stays for as long as the program runs. NULL with @failure filled,
 * if it cannot be made.
 */
const struct sock_fprog *policy_filter(struct failure *failure);

#endif /* SUPERVISOR_FILTER_H */
