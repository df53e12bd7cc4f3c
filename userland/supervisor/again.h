/* SPDX-License-Identifier: GPL-2.0 */
/* The operations that start a container, for the first time or again. */
#ifndef SUPERVISOR_AGAIN_H
#define SUPERVISOR_AGAIN_H

#include "operation.h"

int op_start(struct client *client, struct json_object *m,
	     struct failure *failure);
int op_run(struct client *client, struct json_object *m,
	   struct failure *failure);
/** op_restart() - stop a live container, then start it as it was; or start an ended one */
int op_restart(struct client *client, struct json_object *m,
	       struct failure *failure);

/** again_start() - the restart of container @name is due, see struct restarts */
void again_start(struct restarts *restarts, const char *name);

#endif /* SUPERVISOR_AGAIN_H */
