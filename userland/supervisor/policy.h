/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the engine's containers are unless something else is asked for: namespaces,
 * mounts, devices, masks, capabilities and the filter of system calls.
 */
#ifndef SUPERVISOR_POLICY_H
#define SUPERVISOR_POLICY_H

#include "base/failure.h"
#include "launch/spec.h"

/* The mounts of every container: /proc, /sys (read-only), a minimal /dev. */
extern const struct mount_spec policy_mounts[];
extern const size_t policy_n_mounts;

/* What root in a container needs and cannot use to get out of it. */
extern const uint64_t policy_capabilities;

/** policy_set_capabilities() - give @process the capabilities in @keep alone */
void policy_set_capabilities(struct process_spec *process, uint64_t keep);

/**
 * policy_init() - describe a container with all defaults
 * Namespaces for PIDs, mounts, hostname, IPC and cgroups (the network is the host's),
 * mounts, devices and masks, capabilities, no_new_privs, and 0 for oom_score_adj: the
 * kernel may be told to spare the caller, never its containers. The filter is
 * policy_filter(). The id, argv, envp and a root must be set by the caller.
 */
int policy_init(struct container_spec *spec, struct failure *failure);

#endif /* SUPERVISOR_POLICY_H */
