// SPDX-License-Identifier: GPL-2.0
/* The requests of containers on disk, see container_kept.h. */
#include <errno.h>

#include "base/report.h"
#include "container_kept.h"
#include "kept.h"
#include "supervisor.h"

static const char *state_of(const struct container *c)
{
	return c->supervisor->roots.state;
}

void container_stage_request(struct container *c,
			     const struct start_request *request)
{
	struct kept kept = {
		.request = *request,
		.run = c->supervisor->roots.run,
		.key = c->log.key,
		.restarts = c->again.restarts,
	};
	int err;

	/* All of this is borrowed. The token belongs to one client. */
	kept.request.command = c->command;
	kept.request.token = NULL;
	/* The user of a later start says something else. */
	kept.request.default_command = false;
	kept.request.only_id = false;
	err = kept_stage(state_of(c), &kept);
	if (err)
		container_warning(
			c, err,
			"keeping its request; it cannot be started again");
}

void container_keep_request(struct container *c)
{
	int err = kept_commit(state_of(c), c->name);

	/* -ENOENT: it could not be staged. */
	if (err == -ENOENT)
		kept_remove(state_of(c), c->name);
	else if (err)
		container_warning(c, err, "keeping its request");
}

void container_drop_request(struct container *c)
{
	kept_discard(state_of(c), c->name);
	request_note_restarting(c->supervisor, c->name, false);
}

static void note_again(struct container *c, const struct kept *kept)
{
	c->again = (struct container_again){
		.policy = kept->request.restart.policy,
		.max = kept->request.restart.max,
		.restarts = kept->restarts,
		.wanted = kept->restarting,
		.auto_remove = kept->request.auto_remove,
		.keep = kept->request.keep,
		.stop = kept->request.stop,
	};
}

void container_take_over_request(struct container *c)
{
	struct kept kept;

	if (!kept_read_staged(state_of(c), c->name, &kept)) {
		/* The supervisor was killed before it knew that the command runs. */
		if (kept.key == c->log.key && c->now.started)
			container_keep_request(c);
		kept_free(&kept);
	}
	if (kept_read(state_of(c), c->name, &kept))
		return;
	if (kept.key == c->log.key)
		note_again(c, &kept);
	kept_free(&kept);
}

bool request_keeps_layer(const struct supervisor *supervisor, const char *name)
{
	const char *state = supervisor->roots.state;
	struct kept kept;
	bool keep;

	if (kept_read_staged(state, name, &kept) &&
	    kept_read(state, name, &kept))
		return false;
	keep = kept.request.keep;
	kept_free(&kept);
	return keep;
}

void request_note_restarting(const struct supervisor *supervisor,
			     const char *name, bool restarting)
{
	const char *state = supervisor->roots.state;
	struct kept kept;
	int err = kept_read(state, name, &kept);

	if (!err && kept.restarting != restarting) {
		kept.restarting = restarting;
		err = kept_save(state, &kept);
		if (err)
			report_warning_errno(
				err,
				"container \"%s\": noting that it is to start again",
				name);
	}
	if (!err)
		kept_free(&kept);
}

void container_note_stopped(struct container *c)
{
	struct kept kept;
	int err = kept_read(state_of(c), c->name, &kept);

	if (!err) {
		kept.stopped = true;
		err = kept_save(state_of(c), &kept);
		kept_free(&kept);
	}
	if (err)
		container_warning(c, err, "noting that it was stopped");
}

void container_forget_request(struct container *c)
{
	int err = kept_remove(state_of(c), c->name);

	if (err && err != -ENOENT)
		container_warning(c, err, "removing its request");
}
