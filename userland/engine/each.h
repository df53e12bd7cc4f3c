/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that do the same for several containers. */
#ifndef ENGINE_EACH_H
#define ENGINE_EACH_H

#include "base/failure.h"
#include "base/strings.h"
#include "libpurser/purser.h"

/* Returns 0, or -1 with @failure filled. */
typedef int (*each_fn)(struct purser *table, const char *id, void *arg,
		       struct failure *failure);

/**
 * each_container() - call @fn for each id, also after one has failed
 * Reports each failure at once. Returns %EXIT_OK, the exit status of the last failure, or
 * -1 with @failure filled if the kernel's table cannot be opened.
 */
int each_container(const struct string_list *ids, each_fn fn, void *arg,
		   struct failure *failure);

#endif /* ENGINE_EACH_H */
