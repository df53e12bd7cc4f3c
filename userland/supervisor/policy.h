/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The defaults of the engine's containers: namespaces, mounts, devices, masks,
 * capabilities and the seccomp filter.
 */
#ifndef SUPERVISOR_POLICY_H
#define SUPERVISOR_POLICY_H

#include "base/failure.h"
#include "launch/spec.h"

/* The mounts of every container: /proc, /sys (read-only), a minimal /dev. */
extern const struct mount_spec policy_mounts[];
extern const size_t policy_n_mounts;

/* Capabilities that root in a container needs and that do not let it out. */
extern const uint64_t policy_capabilities;

/** policy_set_capabilities() - give @process only the capabilities in @keep */
void policy_set_capabilities(struct process_spec *process, uint64_t keep);

/**
 * policy_reset_inherited() - have @process begin with known values
 * Without this, a process inherits scheduling, personality, oom_score_adj and more from
 * the program that makes it. The limits of setrlimit(2) are in rlimits.h.
 */
void policy_reset_inherited(struct process_spec *process);

/**
 * policy_init() - describe a container with all defaults
 * Sets namespaces for PIDs, mounts, hostname, IPC and cgroups (the network is the
 * host's), mounts, devices, masks, capabilities, no_new_privs and the filter. Calls
 * policy_reset_inherited(). The caller must set id, argv, envp and a root.
 */
int policy_init(struct container_spec *spec, struct failure *failure);

#endif /* SUPERVISOR_POLICY_H */
