/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Running a command for each event. At most a number of them runs at a time; further
 * events wait in their order. A command has the fields of its event (view/event_fields.h)
 * in its environment. No shell takes part unless it is asked for. A command that takes too
 * long is ended, so that it does not hold up the events that wait.
 */
#ifndef PURSERCTL_ALERTS_H
#define PURSERCTL_ALERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert_command.h"
#include "base/loop.h"
#include "view/follow.h"

struct alert;

/** struct alerts - the commands that run, and the events that wait; for alerts_close() */
struct alerts {
	struct event_sink sink; /* for events_follow() */
	struct loop loop;	/* the descriptor of the sink is this one's */
	struct loop_source children, timer;
	const struct alert_options *options;
	int64_t grace_ms;      /* from SIGTERM to SIGKILL */
	struct alert *running; /* a list, in no order */
	size_t n_running;
	struct alert *first, **end; /* a list of those that wait */
	size_t n_waiting;
	bool full; /* until half of the queue is free */
};

/** alerts_open() - also blocks SIGCHLD; 0, or -1 with @failure filled */
int alerts_open(struct alerts *alerts, const struct alert_options *options,
		struct failure *failure);

/**
 * alerts_close() - report which events still wait, and free all
 * Commands that run go on. Returns the number of events that still wait.
 */
size_t alerts_close(struct alerts *alerts);

#endif /* PURSERCTL_ALERTS_H */
