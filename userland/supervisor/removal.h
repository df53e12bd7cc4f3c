/* SPDX-License-Identifier: GPL-2.0 */
/* The operation "rm": removing ended containers, with their requests and logs. */
#ifndef SUPERVISOR_REMOVAL_H
#define SUPERVISOR_REMOVAL_H

#include "operation.h"

int op_rm(struct client *client, struct json_object *m,
	  struct failure *failure);

#endif /* SUPERVISOR_REMOVAL_H */
