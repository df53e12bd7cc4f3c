/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The environment variable HOME of a process. If a configuration does not set it, other
 * runtimes take it from the container's own /etc/passwd, and callers rely on that.
 */
#ifndef LAUNCH_HOME_VARIABLE_H
#define LAUNCH_HOME_VARIABLE_H

#include "base/failure.h"
#include "base/strings.h"
#include "spec.h"

/**
 * home_variable_set() - give a process HOME, unless it has one
 * @root: the open root of the container
 * @env: memory for the new environment, which @process then needs; it starts as zero
 * Without an entry for the user, or without the file, it is "/".
 */
int home_variable_set(struct process_spec *process, int root,
		      struct string_list *env, struct failure *failure);

#endif /* LAUNCH_HOME_VARIABLE_H */
