/* SPDX-License-Identifier: GPL-2.0 */
/* The statistics of a container as JSON, with the names that runc's "events" has. */
#ifndef OCI_STATS_JSON_H
#define OCI_STATS_JSON_H

#include <json-c/json.h>

#include "cgroup/stats.h"

/** stats_json() - an object for json_object_put(); NULL: out of memory */
struct json_object *stats_json(const struct cgroup_stats *stats);

#endif /* OCI_STATS_JSON_H */
