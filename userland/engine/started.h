/* SPDX-License-Identifier: GPL-2.0 */
/* The answer to a request that starts a container. */
#ifndef ENGINE_STARTED_H
#define ENGINE_STARTED_H

#include "base/failure.h"
#include "base/object.h"

/** print_started() - print "web: started, pid 4711"; 0, or -1 if it is another reply */
int print_started(struct json_object *reply, struct failure *failure);

#endif /* ENGINE_STARTED_H */
