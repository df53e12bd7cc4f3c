// SPDX-License-Identifier: GPL-2.0
/* The orderly end of a supervisor, see shutdown.h. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "end.h"
#include "base/report.h"
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
	/* Nothing has to be dropped: there is a place for it, the run directory. */
	if (supervisor->logs)
		log_pipeline_set_give_up(supervisor->logs, LOG_NEVER);
	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (supervisor->hurrying)
			container_kill(c);
		else
			stop_one(c);
	}
}

static bool one_lives(const struct supervisor *supervisor)
{
	const struct container *c;

	TAILQ_FOREACH(c, &supervisor->registry.all, link) {
		if (c->pid)
			return true;
	}
	return false;
}

/*
 * Logs that cannot be written keep nobody: the pipeline says which these are, and
 * leaves what is missing in them to the next supervisor.
 */
static void give_up_logs(struct supervisor *supervisor)
{
	struct container *c, *next;

	loop_remove(&supervisor->loop, &supervisor->log_news);
	log_pipeline_destroy(supervisor->logs);
	supervisor->logs = NULL;
	for (c = TAILQ_FIRST(&supervisor->registry.all); c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->log_open)
			container_log_done(c, 0, 0);
	}
}

static void on_patience(struct loop_source *source, uint32_t events)
{
	struct supervisor *supervisor = loop_container(
		source, struct supervisor, patience);

	(void)events;
	loop_remove(&supervisor->loop, source);
	supervisor->out_of_patience = true;
}

/* From now on logs are waited for so long. Without a timer they are not at all. */
static void start_patience(struct supervisor *supervisor)
{
	struct loop_source *source = &supervisor->patience;
	const int64_t ms = supervisor->log_give_up_ms;
	/* A time of 0 would stop it. */
	const struct itimerspec when = {
		.it_value.tv_sec = ms / 1000,
		.it_value.tv_nsec = ms % 1000 * 1000000 + 1,
	};
	int err = 0;

	supervisor->patience_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (supervisor->patience_fd < 0 ||
	    timerfd_settime(supervisor->patience_fd, 0, &when, NULL))
		err = -errno;
	if (!err)
		err = loop_add(&supervisor->loop, source,
			       supervisor->patience_fd, EPOLLIN, on_patience);
	if (!err)
		return;
	report(err, "waiting for logs");
	supervisor->out_of_patience = true;
}

bool shutdown_is_done(struct supervisor *supervisor)
{
	if (!supervisor->stopping)
		return false;
	if (!supervisor->registry.n_unfinished)
		return true;
	if (!supervisor->logs || one_lives(supervisor))
		return false;
	if (supervisor->log_give_up_ms != LOG_NEVER &&
	    supervisor->patience_fd < 0)
		start_patience(supervisor);
	if (supervisor->hurrying || supervisor->out_of_patience)
		give_up_logs(supervisor);
	return !supervisor->registry.n_unfinished;
}

void shutdown_end(struct supervisor *supervisor)
{
	loop_remove(&supervisor->loop, &supervisor->patience);
	cleanup_close(&supervisor->patience_fd);
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
