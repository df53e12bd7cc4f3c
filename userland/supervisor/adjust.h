/* SPDX-License-Identifier: GPL-2.0 */
/* The operation "set": new limits of a container that lives. */
#ifndef SUPERVISOR_ADJUST_H
#define SUPERVISOR_ADJUST_H

#include "operation.h"

int op_set(struct client *client, struct json_object *m,
	   struct failure *failure);

#endif /* SUPERVISOR_ADJUST_H */
