/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Printing the kernel's events on stdout: each one once, in order, one line an event. On a
 * terminal the lines are short, and the first one is a header.
 */
#ifndef VIEW_FOLLOW_H
#define VIEW_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "event_filter.h"
#include "event_line.h"

/**
 * struct event_sink - takes the events in place of stdout
 * @event: take an event. Returns 0; 1 if no more events can be taken now; or -1 with
 *	@failure filled. The event is taken in the first two cases
 * @fd: watched while events are followed, or -1
 * @ready: called when @fd is readable; returns as @event does
 * While no events can be taken they stay in the kernel's log. Those that leave it before
 * they can be taken are reported as lost.
 */
struct event_sink {
	int (*event)(struct event_sink *sink, const struct purser_event *e,
		     struct failure *failure);
	int fd;
	int (*ready)(struct event_sink *sink, struct failure *failure);
};

/** struct event_options - which events, and how they are printed */
struct event_options {
	uint64_t since; /* only events with a number above this one */
	bool has_since; /* if not: see the functions below */
	struct event_filter filter; /* of these, only the ones that match */
	int ready_fd; /* -1: none; written to and closed when no event can be missed */
	int rcvbuf; /* of the socket, in bytes; 0: the default */
	enum event_time time;
	bool no_trunc; /* do not shorten names on a terminal */
	bool json;
	struct event_sink
		*sink; /* of events_follow(); NULL: print them on stdout */
};

/**
 * events_follow() - print events as they happen, until SIGINT, SIGTERM, or a closed stdout
 * With a sink, hand them to it instead.
 * Without has_since, it begins after the newest event. If the kernel does not hold some
 * events any more, it reports which ones, and goes on.
 * Returns 0, or -1 with @failure filled.
 */
int events_follow(const struct event_options *options, struct failure *failure);

/**
 * events_print() - print the events in the kernel's log
 * Without has_since, it begins with the oldest one. Returns 0; %EXIT_EVENTS_GONE if the
 * log does not hold some of the events after @since; or -1 with @failure filled.
 */
int events_print(const struct event_options *options, struct failure *failure);

#endif /* VIEW_FOLLOW_H */
