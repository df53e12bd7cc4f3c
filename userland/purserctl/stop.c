// SPDX-License-Identifier: GPL-2.0
/*
 * "purserctl stop": stop a container, and wait until it has ended. "purserctl wait": wait
 * without stopping it.
 */
#include <stdio.h>

#include "commands.h"
#include "view/handle.h"
#include "view/display.h"
#include "view/json.h"

static int print_end(const struct ctl_options *o,
		     const struct purser_container *c)
{
	char buf[DISPLAY_LEN];

	if (o->json)
		return json_print(purser_container_json(c));
	printf("%s: %s\n", c->name, display_reason(c, buf));
	return 0;
}

/* Wait for the end, or only read the record. @doing: set to the verb for a failure */
static int read_last(const struct ctl_options *o, struct purser *p,
		     uint64_t since, struct purser_container *c,
		     const char **doing)
{
	const struct purser_ref ref = { .id = c->id };

	if (!o->no_wait) {
		*doing = "wait for the end of";
		return purser_wait(p, c->id, since, c);
	}
	*doing = "read the record of";
	return o->json ? purser_get(p, &ref, c) : 0;
}

static int stop(const struct ctl_options *o, struct purser *p,
		struct purser_container *c, const char **doing)
{
	struct purser_ref ref = {
		0
	}; /* by id, because a name can be used again */
	uint64_t since = 0;
	int err;

	*doing = "stop";
	err = purser_get(p, &o->ref, c);
	ref.id = c->id;
	/* The end comes after this event, even if it comes before purser_wait(). */
	if (!err)
		err = purser_last_event(p, &since);
	if (!err)
		err = purser_stop(p, &ref, o->signal, o->grace_ms);
	return err ? err : read_last(o, p, since, c, doing);
}

int cmd_stop(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	struct purser_container c;
	const char *doing;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = stop(o, p, &c, &doing);
	if (err)
		return table_failed_on(failure, err, purser_last_error(p),
				       doing, &o->ref);
	if (o->no_wait && !o->json)
		return EXIT_OK;
	return print_end(o, &c) ? print_failed(failure) : EXIT_OK;
}

int cmd_wait(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	struct purser_container c;
	uint64_t since;
	int err;

	if (table_open(&p, failure))
		return -1;
	/* The end comes after this event, even if the record is gone by then. */
	err = purser_last_event(p, &since);
	if (!err)
		err = purser_get(p, &o->ref, &c);
	if (!err)
		err = purser_wait(p, c.id, since, &c);
	if (err)
		return table_failed_on(failure, err, purser_last_error(p),
				       "wait for the end of", &o->ref);
	return print_end(o, &c) ? print_failed(failure) : EXIT_OK;
}
