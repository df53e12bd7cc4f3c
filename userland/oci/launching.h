/* SPDX-License-Identifier: GPL-2.0 */
/* What create, run, exec and hooks have in common when they make a process. */
#ifndef OCI_LAUNCHING_H
#define OCI_LAUNCHING_H

#include "config.h"
#include "launch/launch.h"
#include "options.h"
#include "seccomp/profile.h"

/** report_warnings() - print what is odd about a configuration */
void report_warnings(const struct warnings *warnings);

/**
 * process_keep_fds() - pass @n descriptors from 3 on to the process
 * @fds: memory that @process then needs, for free()
 */
int process_keep_fds(struct process_spec *process, unsigned int n, int **fds,
		     struct failure *failure);

/**
 * process_set_filter() - compile the profile of a configuration for a process
 * @states: the folder of states, which has the cache of programs
 * @program: for seccomp_program_free() when the launch has ended
 */
int process_set_filter(struct process_spec *process,
		       const struct oci_config *config, int states,
		       struct seccomp_program *program,
		       struct failure *failure);

/** process_stdio() - our own stdin, stdout and stderr, or none for a terminal */
const int *process_stdio(const struct process_spec *process);

/** launch_wait() - wait for news of a launch: an enum launch_state, or -1 */
int launch_wait(struct launch *launch, struct failure *failure);

/** launch_hand_over() - give the caller what its options ask for: terminal, pidfd, PID */
int launch_hand_over(const struct launch *launch,
		     const struct oci_options *options,
		     struct failure *failure);

#endif /* OCI_LAUNCHING_H */
