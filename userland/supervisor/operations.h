/* SPDX-License-Identifier: GPL-2.0 */
/* What clients can ask the supervisor for, see protocol.h. */
#ifndef SUPERVISOR_OPERATIONS_H
#define SUPERVISOR_OPERATIONS_H

#include <json-c/json.h>

struct client;

/** operation_run() - do what request @m asks for; replies come now or later */
void operation_run(struct client *client, struct json_object *m);

#endif /* SUPERVISOR_OPERATIONS_H */
