// SPDX-License-Identifier: LGPL-2.1
#include <errno.h>

#include "stream.h"
#include "transport.h"

int purser_stream_deliver(struct purser_stream *s, const struct purser_event *e)
{
	uint64_t last = s->last;
	int err = 0;

	if (e->seq <= last)
		return 0;
	s->last = e->seq;
	if (e->seq - last > 1 && s->lost)
		err = s->lost(last + 1, e->seq - 1, s->arg);
	return err ? err : s->event(e, s->arg);
}

int purser_stream_accept(struct purser_stream *s, const struct purser_event *e,
			 int (*catch_up)(struct purser_stream *s))
{
	int err = 0;

	if (e->seq > s->last && e->seq - s->last > 1)
		err = catch_up(s);
	return err ? err : purser_stream_deliver(s, e);
}

static int on_log(const struct purser_event *e, void *arg)
{
	return purser_stream_deliver(arg, e);
}

static int on_multicast(const struct purser_event *e, void *arg)
{
	return purser_stream_accept(arg, e, purser_stream_catch_up);
}

int purser_stream_catch_up(struct purser_stream *s)
{
	return purser_events_since(s->commands, s->last, on_log, s);
}

/*
 * When the kernel has dropped an event, it reports that once. Then it drops all further
 * events without a report until the socket is empty. So empty the socket first, then
 * read the log: in the opposite order, an event that came in between would be missing
 * until the next event.
 */
int purser_stream_drain(struct purser_stream *s,
			int (*read)(struct purser_stream *s),
			int (*catch_up)(struct purser_stream *s))
{
	bool overrun = false;
	int err;

	for (;;) {
		err = read(s);
		if (err == -ENOBUFS) {
			overrun = true;
			continue;
		}
		if (err || !overrun)
			return err;
		overrun = false;
		err = catch_up(s);
		if (err)
			return err;
	}
}

static int read_events(struct purser_stream *s)
{
	return purser_events_read(s->events, on_multicast, s);
}

int purser_stream_read(struct purser_stream *s)
{
	return purser_stream_drain(s, read_events, purser_stream_catch_up);
}

const char *purser_stream_last_error(const struct purser_stream *s)
{
	if (s->events && !s->commands->err)
		return purser_last_error(s->events);
	return purser_last_error(s->commands);
}
