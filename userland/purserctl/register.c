// SPDX-License-Identifier: GPL-2.0
/* "purserctl register": add a running process to the table. */
#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "commands.h"
#include "find.h"
#include "started.h"
#include "view/handle.h"
#include "view/json.h"

static int print_record(struct purser *p, const char *name, uint64_t id,
			struct failure *failure)
{
	const struct purser_ref ref = { .id = id };
	struct purser_container c;
	int err = purser_get(p, &ref, &c);

	if (err)
		return table_failed(
			failure, err, purser_last_error(p),
			"\"%s\" is registered, but its record cannot be read",
			name);
	return json_print(purser_container_json(&c)) ? print_failed(failure) :
						       0;
}

/* The process that the options name, other than by its PID or pidfd. */
static int find_process(const struct ctl_options *o, struct found *found,
			struct failure *failure)
{
	if (o->unit)
		return find_by_unit(o->unit, found, failure);
	if (o->cgroup)
		return find_by_cgroup(o->cgroup, found, failure);
	return find_by_comm(o->comm, found, failure);
}

/* @pidfd: set if there is one besides the one of --pidfd */
static int choose_process(const struct ctl_options *o,
			  struct purser_registration *reg, int *pidfd,
			  struct failure *failure)
{
	struct found found;

	reg->pid = o->pid;
	if (o->pidfd >= 0)
		reg->pidfd = &o->pidfd;
	if (o->pid || o->pidfd >= 0)
		return 0;
	if (find_process(o, &found, failure)) {
		failure_prefix(failure, "cannot register \"%s\": ", reg->name);
		return -1;
	}
	*pidfd = found.pidfd;
	reg->pid = found.pid;
	reg->pidfd = pidfd;
	return 0;
}

static int add(struct purser *p, const struct ctl_options *o,
	       const struct purser_registration *reg, uint64_t *id,
	       struct failure *failure)
{
	const bool by_pidfd = o->pidfd >= 0;
	int err = purser_register(p, reg, id);

	if (err)
		return table_failed(failure, err, purser_last_error(p),
				    "cannot register \"%s\" (%s %d)", reg->name,
				    by_pidfd ? "pidfd" : "process",
				    by_pidfd ? o->pidfd : reg->pid);
	if (o->pid)
		warn_about_parent(o->pid);
	return 0;
}

int cmd_register(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	struct purser_registration reg = {
		.name = o->ref.name,
		.soft_limit = o->soft_limit,
		.hard_limit = o->hard_limit,
	};
	__cleanup_table struct purser *p = NULL;
	int pidfd __cleanup_close = -1;
	uint64_t id, since = 0;
	int err = 0;

	if (table_open(&p, failure) || choose_process(o, &reg, &pidfd, failure))
		return -1;
	if (o->wait_exec)
		err = purser_last_event(p, &since);
	if (err)
		return table_failed(failure, err, purser_last_error(p),
				    "cannot read the number of the last event");
	if (add(p, o, &reg, &id, failure))
		return -1;
	if (o->wait_exec && wait_started(p, reg.name, id, since, failure))
		return -1;
	if (o->json)
		return print_record(p, reg.name, id, failure);
	printf("%" PRIu64 "\n", id);
	return EXIT_OK;
}
