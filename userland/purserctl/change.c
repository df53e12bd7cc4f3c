// SPDX-License-Identifier: GPL-2.0
/* The commands that change the table and do not wait for anything. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "view/json.h"
#include "output.h"
#include "base/report.h"

/* The answer to a registration: the id, or with --json the whole record. */
static int print_registered(struct purser *p, const struct args *args,
			    uint64_t id)
{
	struct purser_ref ref = { .id = id };
	struct purser_container c;
	int err;

	if (!(args->given & OPT_JSON)) {
		printf("%" PRIu64 "\n", id);
		return output_finish(0);
	}
	err = purser_get(p, &ref, &c);
	if (err)
		return fail(err, purser_last_error(p),
			    "\"%s\" is registered, "
			    "but its record cannot be read",
			    args->ref.name);
	return output_finish(output_json(purser_container_json(&c)));
}

int cmd_register(const struct args *args)
{
	struct purser_registration reg = {
		.name = args->ref.name,
		.pid = args->pid,
		.pidfd = args->given & OPT_PIDFD ? &args->pidfd : NULL,
		.soft_limit = args->soft_limit,
		.hard_limit = args->hard_limit,
	};
	struct purser *p;
	uint64_t id;
	int code = connect_table(&p), err;

	if (code)
		return code;
	err = purser_register(p, &reg, &id);
	if (err)
		code = fail(err, purser_last_error(p),
			    "cannot register \"%s\" (%s %d)", reg.name,
			    reg.pidfd ? "pidfd" : "process",
			    reg.pidfd ? args->pidfd : args->pid);
	else
		code = print_registered(p, args, id);
	purser_close(p);
	return code;
}

int cmd_unregister(const struct args *args)
{
	struct purser *p;
	int code = connect_table(&p), err;

	if (code)
		return code;
	err = purser_unregister(p, &args->ref);
	if (err)
		code = fail_on(err, purser_last_error(p), "unregister",
			       &args->ref);
	purser_close(p);
	return code;
}

int cmd_set(const struct args *args)
{
	struct purser_limits limits = {
		.soft_limit = args->given & OPT_SOFT ? &args->soft_limit : NULL,
		.hard_limit = args->given & OPT_HARD ? &args->hard_limit : NULL,
	};
	struct purser *p;
	int code, err;

	if (!limits.soft_limit && !limits.hard_limit) {
		report(0, "set: --soft-mib or --hard-mib is needed");
		return EXIT_USAGE;
	}
	code = connect_table(&p);
	if (code)
		return code;
	err = purser_set(p, &args->ref, &limits);
	if (err)
		code = fail_on(err, purser_last_error(p), "set the limits of",
			       &args->ref);
	purser_close(p);
	return code;
}
