/* SPDX-License-Identifier: GPL-2.0 */
/* Whether the caller is root of the host. */
#ifndef CGROUP_ROOTLESS_H
#define CGROUP_ROOTLESS_H

#include <stdbool.h>

/** in_user_namespace() - tell whether this is not the first user namespace */
bool in_user_namespace(void);

/** is_rootless() - tell whether the caller is not root of the host */
bool is_rootless(void);

#endif /* CGROUP_ROOTLESS_H */
