/* SPDX-License-Identifier: GPL-2.0 */
/* Making the eBPF program (BPF_PROG_TYPE_CGROUP_DEVICE) for a list of device rules. */
#ifndef CGROUP_DEVICE_PROGRAM_H
#define CGROUP_DEVICE_PROGRAM_H

#include <linux/bpf.h>

#include "device_rule.h"

/* More rules than anybody needs. The kernel takes 0.3 s to check as many, 10 s for 4000. */
#define DEVICE_RULES_MAX 1024

/** struct device_program - the instructions; for free() */
struct device_program {
	struct bpf_insn *insns;
	size_t n;
};

/**
 * device_program_make() - make a program that returns 1 if the access is allowed, else 0
 * Errors: -EINVAL (a rule has an unknown type, or a number out of range), -E2BIG (too
 * many rules), -ENOMEM.
 */
int device_program_make(struct device_program *program,
			const struct device_rule *rules, size_t n);

#endif /* CGROUP_DEVICE_PROGRAM_H */
