// SPDX-License-Identifier: GPL-2.0
/* "engine set": new limits of a container. */
#include <stdio.h>

#include "commands.h"
#include "control/connection.h"

#define MIB 1048576.0

static void print_limit(const char *name, uint64_t bytes)
{
	if (bytes)
		printf(" %s %.1f MiB,", name, bytes / MIB);
	else
		printf(" %s none,", name);
}

/* Print all limits, because one may have moved another. */
static int print_limits(struct json_object *reply, struct failure *failure)
{
	uint64_t soft, hard, memory_max, pids_max;
	const char *id;

	if (!object_is(reply, "type", "set") ||
	    object_get_string(reply, "id", &id) ||
	    object_get_u64(reply, "soft_limit", &soft) ||
	    object_get_u64(reply, "hard_limit", &hard) ||
	    object_get_u64(reply, "memory_max", &memory_max) ||
	    object_get_u64(reply, "pids_max", &pids_max))
		return reply_is_strange(failure);
	printf("%s:", id);
	print_limit("soft", soft);
	print_limit("hard", hard);
	print_limit("memory.max", memory_max);
	if (pids_max)
		printf(" pids.max %llu\n", (unsigned long long)pids_max);
	else
		printf(" pids.max none\n");
	return 0;
}

int command_set(const struct command_line *line, struct failure *failure)
{
	const struct set_options *options = line->options;
	struct connection connection;
	struct json_object *reply;
	int err = connection_open(&connection, options->run_dir, failure);

	if (!err)
		err = connection_set(&connection, options->id, &options->change,
				     failure);
	if (!err)
		err = connection_receive(&connection, &reply, failure);
	if (!err) {
		err = print_limits(reply, failure);
		json_object_put(reply);
	}
	connection_close(&connection);
	return err;
}
