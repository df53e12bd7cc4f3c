/* SPDX-License-Identifier: GPL-2.0 */
/* A rule about the use of device nodes; device_rules.h has what a list of them means. */
#ifndef CGROUP_DEVICE_RULE_H
#define CGROUP_DEVICE_RULE_H

#include <stdbool.h>
#include <stddef.h>

#define DEVICE_READ  (1u << 0)
#define DEVICE_WRITE (1u << 1)
#define DEVICE_MKNOD (1u << 2)
#define DEVICE_ALL   (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)

/**
 * struct device_rule - one rule
 * @type: 'c', 'b' or 'a' for both
 * @major, @minor: -1: any
 * @access: DEVICE_*
 */
struct device_rule {
	bool allow;
	char type;
	long major, minor;
	unsigned int access;
};

#endif /* CGROUP_DEVICE_RULE_H */
