/* SPDX-License-Identifier: GPL-2.0 */
/* The environment of a container's processes. */
#ifndef SUPERVISOR_ENVIRONMENT_H
#define SUPERVISOR_ENVIRONMENT_H

#include "base/strings.h"

/** environment_set() - set "KEY=VALUE" in place of an earlier value; 0 or -ENOMEM */
int environment_set(struct string_list *env, const char *entry);

/**
 * environment_make() - add the variables that each container has, and then others
 * @more: "KEY=VALUE", which take the place of the defaults
 */
int environment_make(struct string_list *env, const char *hostname,
		     const struct string_list *more);

#endif /* SUPERVISOR_ENVIRONMENT_H */
