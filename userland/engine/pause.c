// SPDX-License-Identifier: GPL-2.0
/* "engine pause" and "engine unpause": freeze the processes of containers. */
#include <stdio.h>

#include "cgroup/freeze.h"
#include "commands.h"
#include "each.h"
#include "target.h"

static int check(const struct target *t, bool pause, struct failure *failure)
{
	if (target_need_cgroup(t, failure))
		return -1;
	if (pause && t->record.state == PURSER_STATE_STARTING)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" is still starting",
			      t->record.name);
	if (target_is_paused(t) != pause)
		return 0;
	return failed(failure, EXIT_FAILED,
		      pause ? "container \"%s\" is paused already" :
			      "container \"%s\" is not paused",
		      t->record.name);
}

static int freeze_one(struct purser *table, const char *id, void *pause,
		      struct failure *failure)
{
	const bool freeze = *(const bool *)pause;
	struct target t;
	int err;

	if (target_open(&t, table, id, failure))
		return -1;
	err = check(&t, freeze, failure);
	if (!err) {
		err = cgroup_freeze(t.cgroup, freeze, failure);
		if (err)
			failure_prefix(failure, "container \"%s\": ", id);
	}
	/* A cgroup that is removed meanwhile is not frozen any more. */
	if (err && !target_is_live(&t))
		failed(failure, EXIT_FAILED, "container \"%s\" has ended", id);
	if (!err)
		printf("%s\n", id);
	target_close(&t);
	return err;
}

static int freeze_all(const struct command_line *line, bool pause,
		      struct failure *failure)
{
	const struct words_options *o = line->options;

	return each_container(&o->ids, freeze_one, &pause, failure);
}

int command_pause(const struct command_line *line, struct failure *failure)
{
	return freeze_all(line, true, failure);
}

int command_unpause(const struct command_line *line, struct failure *failure)
{
	return freeze_all(line, false, failure);
}
