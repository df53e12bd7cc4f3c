/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * The kernel's events in order, each one once.
 *
 * The kernel drops multicast messages if their reader is slow. Its event log has all
 * events up to a certain age. A stream reads the multicast messages, and takes missing
 * events from the log.
 */
#ifndef LIBPURSER_STREAM_H
#define LIBPURSER_STREAM_H

#include <stdint.h>

#include "purser.h"

/**
 * struct purser_stream - the owner fills it, and also owns both handles
 * @commands: the handle that reads the log
 * @events: the handle that has joined the events; NULL if only
 *	purser_stream_catch_up() is used
 * @last: the number of the last event that was delivered
 * @event: called for each event
 * @lost: called if the log no longer has the events @first to @last; may be NULL
 * The callbacks return 0, or a negative errno that ends the call.
 */
struct purser_stream {
	struct purser *commands;
	struct purser *events;
	uint64_t last;
	purser_event_fn event;
	int (*lost)(uint64_t first, uint64_t last, void *arg);
	void *arg;
};

/** purser_stream_catch_up() - deliver all events of the kernel's log after @last */
int purser_stream_catch_up(struct purser_stream *s);

/**
 * purser_stream_read() - deliver all events on the socket
 * Call purser_stream_catch_up() once after purser_events_join(), and this whenever the
 * descriptor is readable. Errors: those of purser_events_read() except -ENOBUFS, and
 * those of purser_events_since().
 */
int purser_stream_read(struct purser_stream *s);

/** purser_stream_last_error() - return purser_last_error() of the handle that failed */
const char *purser_stream_last_error(const struct purser_stream *s);

/**
 * purser_stream_drain() - purser_stream_read() with its functions as parameters
 * @read: empties the socket, as purser_events_read() does
 * @catch_up: purser_stream_catch_up(), except in tests
 */
int purser_stream_drain(struct purser_stream *s,
			int (*read)(struct purser_stream *s),
			int (*catch_up)(struct purser_stream *s));

/**
 * purser_stream_accept() - deliver an event of a multicast message
 * @catch_up: as above
 */
int purser_stream_accept(struct purser_stream *s, const struct purser_event *e,
			 int (*catch_up)(struct purser_stream *s));

/** purser_stream_deliver() - deliver an event of the log, unless it was delivered before */
int purser_stream_deliver(struct purser_stream *s,
			  const struct purser_event *e);

#endif /* LIBPURSER_STREAM_H */
