/* SPDX-License-Identifier: GPL-2.0 */
/* From the rules of libseccomp to a filter of system calls for struct process_spec. */
#ifndef LAUNCH_FILTER_H
#define LAUNCH_FILTER_H

#include <linux/filter.h>
#include <seccomp.h>

/**
 * filter_export() - make the program of the rules in @rules
 * @program->filter is the caller's to free. Returns 0 or a negative errno; -E2BIG: the
 * kernel takes no program of that size.
 */
int filter_export(scmp_filter_ctx rules, struct sock_fprog *program);

#endif /* LAUNCH_FILTER_H */
