// SPDX-License-Identifier: GPL-2.0
/* The requests of containers on disk, see container_kept.h. */
#include <errno.h>

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
	};
	int err;

	/* All of this is borrowed. The token belongs to one client. */
	kept.request.command = c->command;
	kept.request.token = NULL;
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
}

void container_take_over_request(struct container *c)
{
	struct kept kept;
	int err = kept_read_staged(state_of(c), c->name, &kept);

	if (err)
		return;
	/* The earlier supervisor was killed before it knew that the command runs. */
	if (kept.key == c->log.key && c->now.started)
		container_keep_request(c);
	kept_free(&kept);
}

void container_forget_request(struct container *c)
{
	int err = kept_remove(state_of(c), c->name);

	if (err && err != -ENOENT)
		container_warning(c, err, "removing its request");
}
