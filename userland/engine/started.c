// SPDX-License-Identifier: GPL-2.0
#include "started.h"

#include <stdio.h>

#include "control/connection.h"

int print_started(struct json_object *reply, struct failure *failure)
{
	const char *id;
	int pid;

	if (!object_is(reply, "type", "started") ||
	    object_get_string(reply, "id", &id) ||
	    object_get_int(reply, "pid", &pid))
		return reply_is_strange(failure);
	reply_warning(reply);
	printf("%s: started, pid %d\n", id, pid);
	return 0;
}
