/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The kernel's events in order, each number once.
 *
 * Multicast is fast but drops when its reader is slow; the kernel's log is
 * complete as far back as it goes. A stream reads the one and fills what is
 * missing from the other.
 */
#ifndef LIBPURSER_STREAM_H
#define LIBPURSER_STREAM_H

#include <stdint.h>

#include "purser.h"

/**
 * struct purser_stream - filled by its owner, who also owns both handles
 * @commands: asks for what was missed
 * @events: has joined; NULL where purser_stream_catch_up() alone is used
 * @last: the number of the last event that need not be delivered
 * @event: takes one event
 * @lost: the numbers @first to @last are gone for good; may be NULL
 * Both return 0, or a negative errno that ends the call.
 */
struct purser_stream {
	struct purser *commands;
	struct purser *events;
	uint64_t last;
	purser_event_fn event;
	int (*lost)(uint64_t first, uint64_t last, void *arg);
	void *arg;
};

/** purser_stream_catch_up() - deliver what the kernel's log has after @last */
int purser_stream_catch_up(struct purser_stream *s);

/**
 * purser_stream_read() - deliver all that waits on the socket
 * Call it when the descriptor that purser_events_join() returned is readable,
 * having called purser_stream_catch_up() once after the join. Errors are those
 * of purser_events_read(), but for -ENOBUFS, and of purser_events_since().
 */
int purser_stream_read(struct purser_stream *s);

/** purser_stream_last_error() - purser_last_error() of the handle that failed */
const char *purser_stream_last_error(const struct purser_stream *s);

/**
 * purser_stream_drain() - the inner part of purser_stream_read()
 * @read: what empties the socket, as purser_events_read() does
 * @catch_up: how to ask the kernel's log, purser_stream_catch_up()
 */
int purser_stream_drain(struct purser_stream *s,
			int (*read)(struct purser_stream *s),
			int (*catch_up)(struct purser_stream *s));

/**
 * purser_stream_accept() - deliver an event that came by multicast
 * @catch_up: how to ask the kernel's log, purser_stream_catch_up()
 */
int purser_stream_accept(struct purser_stream *s, const struct purser_event *e,
			 int (*catch_up)(struct purser_stream *s));

/** purser_stream_deliver() - deliver an event of the log, unless it was */
int purser_stream_deliver(struct purser_stream *s,
			  const struct purser_event *e);

#endif /* LIBPURSER_STREAM_H */
