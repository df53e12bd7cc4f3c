// SPDX-License-Identifier: GPL-2.0
/* The orderly end of a supervisor, see shutdown.h. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>

#include "end.h"
#include "report.h"
#include "shutdown.h"
#include "supervisor.h"

static void stop_one(struct container *c)
{
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	int err;

	/* What failed to start ends by itself, and what is dead has ended. */
	if (!c->pid || c->phase == PHASE_FAILED || c->final)
		return;
	if (!c->id) {
		container_kill(c);
		return;
	}
	err = purser_stop(kernel->commands, &ref, SIGTERM, DEFAULT_GRACE_MS);
	if (!err || err == -EALREADY || err == -ESRCH)
		return;
	if (err != -ENOENT && err != -ENODEV)
		report(0, "container \"%s\": stopping it: %s", c->name,
		       purser_last_error(kernel->commands));
	container_kill(c);
}

void shutdown_request(struct supervisor *supervisor)
{
	struct container *c;

	if (supervisor->stopping)
		supervisor->hurrying = true;
	supervisor->stopping = true;
	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (supervisor->hurrying)
			container_kill(c);
		else
			stop_one(c);
	}
}

/* Logs that cannot be written keep nobody: the pipeline says what is lost. */
static void give_up_logs(struct supervisor *supervisor)
{
	struct container *c, *next;

	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (c->pid)
			return;
	}
	loop_remove(&supervisor->loop, &supervisor->log_news);
	log_pipeline_destroy(supervisor->logs);
	supervisor->logs = NULL;
	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->log_open)
			container_log_done(c, 0);
	}
}

bool shutdown_is_done(struct supervisor *supervisor)
{
	if (!supervisor->stopping)
		return false;
	if (supervisor->hurrying && supervisor->logs)
		give_up_logs(supervisor);
	return !supervisor->registry.n_unfinished;
}

void shutdown_forget(struct supervisor *supervisor)
{
	struct container *c;

	while ((c = TAILQ_FIRST(&supervisor->registry.all))) {
		/* The record of one that lives is not ours to take. */
		if (c->phase != PHASE_ENDED)
			registry_set_id(&supervisor->registry, c, 0);
		container_forget(c);
	}
}
