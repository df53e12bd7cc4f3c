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
#include "event_line.h"

/** struct event_options - which events, and how they are printed */
struct event_options {
	uint64_t since; /* only events with a number above this one */
	bool has_since; /* if not: see the functions below */
	int ready_fd; /* -1: none; written to and closed when no event can be missed */
	int rcvbuf; /* of the socket, in bytes; 0: the default */
	enum event_time time;
	bool no_trunc; /* do not shorten names on a terminal */
	bool json;
};

/**
 * events_follow() - print events as they happen, until SIGINT, SIGTERM, or a closed stdout
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
