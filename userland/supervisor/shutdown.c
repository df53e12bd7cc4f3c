// SPDX-License-Identifier: GPL-2.0
/* The orderly end of a supervisor, see shutdown.h. */
#include <errno.h>
#include <signal.h>

#include "base/report.h"
#include "base/timer.h"
#include "end.h"
#include "operation.h"
#include "shutdown.h"

static void stop_one(struct container *c)
{
	const struct stop stop = operation_default_stop(c);
	struct kernel *kernel = &c->supervisor->kernel;
	struct purser_ref ref = { .id = c->id };
	int err;

	/* A failed start is already being undone; a dead container needs no stop. */
	if (!c->init.pid || c->phase == PHASE_FAILED || container_is_final(c))
		return;
	if (!c->id) {
		container_kill(c);
		return;
	}
	err = purser_stop(kernel->commands, &ref, stop.signal, stop.grace_ms);
	if (!err || err == -EALREADY || err == -ESRCH)
		return;
	if (!kernel_forgot(err))
		container_warning(c, 0, "stopping it: %s",
				  purser_last_error(kernel->commands));
	container_kill(c);
}

void shutdown_request(struct supervisor *supervisor)
{
	struct container *c;

	if (supervisor->shutdown.stopping)
		supervisor->shutdown.hurrying = true;
	supervisor->shutdown.stopping = true;
	/* Drop no output: what cannot be written now stays in the run directory. */
	if (supervisor->logs)
		log_pipeline_set_give_up(supervisor->logs, LOG_NEVER);
	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (supervisor->shutdown.hurrying)
			container_kill(c);
		else
			stop_one(c);
	}
}

static bool one_lives(const struct supervisor *supervisor)
{
	const struct container *c;

	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (c->init.pid)
			return true;
	}
	return false;
}

/*
 * Stop waiting for logs that cannot be written. The pipeline reports them, and keeps the
 * missing bytes for the next supervisor.
 */
static void give_up_logs(struct supervisor *supervisor)
{
	struct container *c, *next;

	loop_remove(&supervisor->loop, &supervisor->log_news);
	log_pipeline_destroy(supervisor->logs);
	supervisor->logs = NULL;
	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->log.open)
			container_log_done(c, 0, 0);
	}
}

static void on_patience(struct loop_source *source)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, shutdown.patience);

	if (timer_expired(source))
		supervisor->shutdown.out_of_patience = true;
}

/* Limit how long to wait for logs. If the timer cannot be set, do not wait. */
static void start_patience(struct supervisor *supervisor)
{
	struct shutdown *shutdown = &supervisor->shutdown;
	int err = timer_add(&supervisor->loop, &shutdown->patience,
			    on_patience);

	if (!err)
		err = timer_set(&shutdown->patience,
				supervisor->log_give_up_ms);
	if (!err)
		return;
	report_warning_errno(err, "waiting for logs");
	shutdown->out_of_patience = true;
}

bool shutdown_is_done(struct supervisor *supervisor)
{
	struct shutdown *shutdown = &supervisor->shutdown;

	if (!shutdown->stopping)
		return false;
	if (!supervisor->registry.n_unfinished)
		return true;
	if (!supervisor->logs || one_lives(supervisor))
		return false;
	if (supervisor->log_give_up_ms != LOG_NEVER &&
	    shutdown->patience.fd < 0 && !shutdown->out_of_patience)
		start_patience(supervisor);
	if (shutdown->hurrying || shutdown->out_of_patience)
		give_up_logs(supervisor);
	return !supervisor->registry.n_unfinished;
}

void shutdown_forget(struct supervisor *supervisor)
{
	struct container *c;

	while ((c = TAILQ_FIRST(&supervisor->registry.all))) {
		/* Keep the record of a live container. */
		if (c->phase != PHASE_ENDED)
			registry_set_id(&supervisor->registry, c, 0);
		container_forget(c);
	}
}
