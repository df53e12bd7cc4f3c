// SPDX-License-Identifier: GPL-2.0
/* The commands that change the table and do not wait for anything. */
#include "commands.h"
#include "view/handle.h"

int cmd_unregister(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = purser_unregister(p, &o->ref);
	return err ? table_failed_on(failure, err, purser_last_error(p),
				     "unregister", &o->ref) :
		     EXIT_OK;
}

/*
 * A new hard limit alone: if it is below the soft limit, that becomes equal to it, as
 * "engine start" has it. 0 is no limit. @soft: set if it is to change.
 */
static int fit_soft_limit(struct purser *p, const struct ctl_options *o,
			  struct purser_limits *limits, uint64_t *soft)
{
	struct purser_container c;
	int err;

	if (!o->has_hard_limit || o->has_soft_limit || !o->hard_limit)
		return 0;
	err = purser_get(p, &o->ref, &c);
	if (err || c.soft_limit <= o->hard_limit)
		return err;
	*soft = o->hard_limit;
	limits->soft_limit = soft;
	return 0;
}

int cmd_set(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	struct purser_limits limits = {
		.soft_limit = o->has_soft_limit ? &o->soft_limit : NULL,
		.hard_limit = o->has_hard_limit ? &o->hard_limit : NULL,
	};
	__cleanup_table struct purser *p = NULL;
	uint64_t soft;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = fit_soft_limit(p, o, &limits, &soft);
	if (!err)
		err = purser_set(p, &o->ref, &limits);
	return err ? table_failed_on(failure, err, purser_last_error(p),
				     "set the limits of", &o->ref) :
		     EXIT_OK;
}
