/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which device nodes the processes of a cgroup may use: an eBPF program from a list of
 * rules. device_program.h makes the program.
 */
#ifndef CGROUP_DEVICE_RULES_H
#define CGROUP_DEVICE_RULES_H

#include "device_rule.h"
#include "base/failure.h"

/**
 * device_rules_set() - attach the program to the cgroup, in the place of an earlier one
 *
 * For each kind of access the last rule that matches counts. The devices that every
 * container has (null, zero, full, random, urandom, tty, console, ptmx and the slaves of
 * ptmx) may always be used, and any node may be made: crun and runc allow the same. All
 * other devices that no rule allows are denied.
 *
 * Programs of others at the same cgroup or above, such as systemd's, stay: an access
 * needs the consent of each of them.
 *
 * Returns 0, or -1 with @failure filled. Its code is %EXIT_NO_PERMISSION if the caller
 * may not load programs; root of a user namespace never may.
 */
int device_rules_set(int cgroup, const struct device_rule *rules, size_t n,
		     struct failure *failure);

#endif /* CGROUP_DEVICE_RULES_H */
