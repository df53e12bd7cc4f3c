// SPDX-License-Identifier: GPL-2.0
/* The list of containers to start again, see restarts.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/report.h"
#include "base/timer.h"
#include "restarts.h"

struct restart {
	TAILQ_ENTRY(restart) link;
	char *name;
	bool waits;
	int64_t due_ns; /* CLOCK_MONOTONIC; if it does not wait: when it was started */
	int64_t delay_ms; /* the last one; 0: there was none */
};

bool restart_is_allowed(const struct container_again *again)
{
	if (again->policy == RESTART_ON_FAILURE && again->max)
		return again->restarts < again->max;
	return again->policy != RESTART_NO;
}

bool restart_follows(const struct container_again *again,
		     const struct outcome *outcome)
{
	switch (outcome->reason) {
	case PURSER_REASON_NONE: /* somebody has unregistered it */
	case PURSER_REASON_STOPPED:
		return false;
	case PURSER_REASON_EXITED:
		if (!outcome->exit_code && again->policy != RESTART_ALWAYS)
			return false;
		break;
	default:
		break;
	}
	return restart_is_allowed(again);
}

int64_t restart_delay(int64_t last, int64_t ran_ms)
{
	if (!last || ran_ms >= RESTART_STEADY_MS)
		return RESTART_DELAY_MIN_MS;
	return last * 2 < RESTART_DELAY_MAX_MS ? last * 2 :
						 RESTART_DELAY_MAX_MS;
}

static struct restart *find(const struct restarts *restarts, const char *name)
{
	struct restart *r;

	TAILQ_FOREACH(r, &restarts->all, link) {
		if (!strcmp(r->name, name))
			return r;
	}
	return NULL;
}

static void forget(struct restarts *restarts, struct restart *r)
{
	TAILQ_REMOVE(&restarts->all, r, link);
	free(r->name);
	free(r);
}

static struct restart *find_or_make(struct restarts *restarts, const char *name)
{
	struct restart *r = find(restarts, name);

	if (r)
		return r;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->name = strdup(name);
	if (!r->name) {
		free(r);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&restarts->all, r, link);
	return r;
}

static struct restart *first_due(const struct restarts *restarts)
{
	struct restart *r, *first = NULL;

	TAILQ_FOREACH(r, &restarts->all, link) {
		if (r->waits && (!first || r->due_ns < first->due_ns))
			first = r;
	}
	return first;
}

static int set_timer(struct restarts *restarts)
{
	const struct restart *first = first_due(restarts);
	int64_t left;

	if (!first)
		return 0;
	left = first->due_ns - (int64_t)clock_ns(CLOCK_MONOTONIC);
	return timer_set(&restarts->timer,
			 left > 0 ? (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC :
				    0);
}

static void on_timer(struct loop_source *source)
{
	struct restarts *restarts = loop_container(source, struct restarts,
						   timer);
	struct restart *r = first_due(restarts);
	int64_t now = clock_ns(CLOCK_MONOTONIC);
	__cleanup_free char *name = NULL;
	int err;

	if (!timer_expired(source))
		return;
	/* One in each turn of the loop: a start takes some time. */
	if (r && r->due_ns <= now)
		name = strdup(r->name);
	if (name) {
		r->waits = false;
		r->due_ns = now;
		/* May free @r. */
		restarts->start(restarts, name);
	}
	err = set_timer(restarts);
	if (err)
		report_warning_errno(err, "setting the timer of restarts");
}

void restarts_init(struct restarts *restarts, struct loop *loop,
		   void (*start)(struct restarts *restarts, const char *name))
{
	*restarts = (struct restarts){
		.loop = loop,
		.timer.fd = -1,
		.start = start,
	};
	TAILQ_INIT(&restarts->all);
}

void restarts_clear(struct restarts *restarts)
{
	while (!TAILQ_EMPTY(&restarts->all))
		forget(restarts, TAILQ_FIRST(&restarts->all));
	loop_close_source(restarts->loop, &restarts->timer);
}

int restarts_add(struct restarts *restarts, const char *name, bool at_once)
{
	struct restart *r = find_or_make(restarts, name);
	int64_t now = clock_ns(CLOCK_MONOTONIC);
	int err;

	if (!r)
		return -ENOMEM;
	r->delay_ms = at_once ?
			      0 :
			      restart_delay(r->delay_ms,
					    (now - r->due_ns) / NSEC_PER_MSEC);
	r->due_ns = now + r->delay_ms * NSEC_PER_MSEC;
	r->waits = true;
	err = restarts->timer.fd < 0 ?
		      timer_add(restarts->loop, &restarts->timer, on_timer) :
		      0;
	if (!err)
		err = set_timer(restarts);
	if (err)
		forget(restarts, r);
	return err;
}

bool restarts_waits(const struct restarts *restarts, const char *name)
{
	const struct restart *r = find(restarts, name);

	return r && r->waits;
}

bool restarts_cancel(struct restarts *restarts, const char *name)
{
	struct restart *r = find(restarts, name);
	bool waits = r && r->waits;

	if (r)
		forget(restarts, r);
	return waits;
}
