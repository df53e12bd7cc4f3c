// SPDX-License-Identifier: GPL-2.0
/* Restart policies, see restart_policy.h. */
#include <errno.h>
#include <string.h>

#include "container_kept.h"
#include "container_log.h"
#include "kept.h"
#include "old_requests.h"
#include "restart_policy.h"
#include "supervisor.h"
#include "waiter.h"

static void add(struct container *c, bool at_once)
{
	int err = restarts_add(&c->supervisor->restarts, c->name, at_once);
	struct failure failure;

	if (!err)
		return;
	failed_errno(&failure, err, "container \"%s\": starting it again",
		     c->name);
	if (!waiters_refuse(c, &failure))
		report_failure(&failure);
}

/* It stays ended. */
static void leave(struct container *c, const char *why)
{
	struct failure failure;

	restarts_cancel(&c->supervisor->restarts, c->name);
	failed(&failure, EXIT_FAILED, "container \"%s\" %s", c->name, why);
	waiters_refuse(c, &failure);
}

void restart_after_end(struct container *c)
{
	if (c->supervisor->shutdown.stopping) {
		if (c->again.wanted)
			request_note_restarting(c->supervisor, c->name, false);
		leave(c, "is not started again: the supervisor is stopping");
	} else if (c->again.wanted) {
		add(c, true);
	} else if (restart_follows(&c->again, &c->now)) {
		add(c, false);
	} else {
		if (c->again.policy == RESTART_ALWAYS &&
		    c->now.reason == PURSER_REASON_STOPPED)
			container_note_stopped(c);
		leave(c, "was stopped meanwhile");
	}
}

void restart_failed(struct supervisor *supervisor, const char *name,
		    const struct container_again *again,
		    const struct failure *failure)
{
	bool once_more = restart_is_allowed(again) &&
			 !supervisor->shutdown.stopping &&
			 !restarts_add(&supervisor->restarts, name, false);

	if (!once_more)
		restarts_cancel(&supervisor->restarts, name);
	report_warning("container \"%s\": starting it again failed, %s: %s",
		       name, once_more ? "trying once more" : "giving up",
		       failure->text);
}

/** struct boot - a supervisor that begins */
struct boot {
	struct supervisor *supervisor;
	struct old_requests old;
};

static bool starts_at_boot(const struct kept *kept)
{
	return kept->restarting ||
	       (kept->request.restart.policy == RESTART_ALWAYS &&
		!kept->stopped);
}

static int at_boot(const char *id, void *arg)
{
	struct boot *boot = arg;
	struct supervisor *supervisor = boot->supervisor;
	const char *state = supervisor->roots.state;
	struct kept kept;
	int err = 0;

	/* A record tells more: restart_after_end() handles it. */
	if (registry_name(&supervisor->registry, id))
		return 0;
	err = kept_read(state, id, &kept);
	if (err) {
		report_warning_errno(
			err, "container \"%s\": reading its request", id);
		return 0;
	}
	if (strcmp(kept.run, supervisor->roots.run)) {
		/* Another supervisor has the same state directory. */
	} else if (kept.request.auto_remove) {
		container_remove_log(supervisor, id, true);
		err = kept_remove(state, id);
	} else if (starts_at_boot(&kept)) {
		err = restarts_add(&supervisor->restarts, id, true);
	} else if (!kept.request.keep) {
		err = old_requests_add(&boot->old, state, id);
	}
	if (err)
		report_warning_errno(err, "container \"%s\"", id);
	kept_free(&kept);
	return 0;
}

void restart_at_boot(struct supervisor *supervisor)
{
	const char *state = supervisor->roots.state;
	struct boot boot = { .supervisor = supervisor };
	int err = kept_each(state, at_boot, &boot);

	if (err)
		report_warning_errno(err, "reading the kept requests");
	err = old_requests_trim(&boot.old, state, supervisor->max_requests);
	if (err)
		report_warning_errno(err, "removing the oldest kept requests");
	old_requests_free(&boot.old);
}
