// SPDX-License-Identifier: GPL-2.0
/* Waiting until a container's init has called execve(), see started.h. */
#include <errno.h>
#include <poll.h>

#include "libpurser/stream.h"
#include "started.h"
#include "view/display.h"
#include "view/handle.h"

/** struct start - one call of wait_started() */
struct start {
	struct purser_stream stream;
	uint64_t id;
	bool started;
	bool ended;
	bool unregistered;
	struct purser_container last; /* if it has ended */
};

static void take_record(struct start *s, const struct purser_container *c)
{
	if (c->started_at)
		s->started = true;
	if (c->state != PURSER_STATE_EXITED)
		return;
	s->ended = true;
	s->last = *c;
}

static int on_event(const struct purser_event *e, void *arg)
{
	struct start *s = arg;

	if (e->container.id != s->id)
		return 0;
	take_record(s, &e->container);
	if (e->type == PURSER_EVENT_UNREGISTERED)
		s->unregistered = true;
	return 0;
}

/* The log may have dropped the event. */
static int on_lost(uint64_t first, uint64_t last, void *arg)
{
	struct start *s = arg;
	const struct purser_ref ref = { .id = s->id };
	struct purser_container c;
	int err = purser_get(s->stream.commands, &ref, &c);

	(void)first;
	(void)last;
	if (!err)
		take_record(s, &c);
	if (err != -ENOENT)
		return err;
	s->unregistered = true;
	return 0;
}

/* Join before reading the log, so that no event is missed in between. */
static int listen(struct start *s)
{
	struct pollfd pollfd = { .events = POLLIN };
	int err;

	pollfd.fd = purser_events_join(s->stream.events, 0);
	err = pollfd.fd < 0 ? pollfd.fd : purser_stream_catch_up(&s->stream);
	while (!err && !s->started && !s->ended && !s->unregistered) {
		if (poll(&pollfd, 1, -1) < 0) {
			if (errno != EINTR)
				return -errno;
			continue;
		}
		err = purser_stream_read(&s->stream);
	}
	return err;
}

int wait_started(struct purser *table, const char *name, uint64_t id,
		 uint64_t since, struct failure *failure)
{
	struct start s = {
		.stream = {
			.commands = table,
			.last = since,
			.event = on_event,
			.lost = on_lost,
			.arg = &s,
		},
		.id = id,
	};
	char reason[DISPLAY_LEN];
	int err;

	if (table_open(&s.stream.events, failure))
		return -1;
	err = listen(&s);
	if (err)
		err = table_failed(failure, err,
				   purser_stream_last_error(&s.stream),
				   "cannot wait for the start of \"%s\"", name);
	else if (!s.started && s.ended)
		err = failed(failure, EXIT_FAILED,
			     "\"%s\" ended before it called execve(): %s", name,
			     display_reason(&s.last, reason));
	else if (!s.started)
		err = failed(
			failure, EXIT_FAILED,
			"\"%s\" was unregistered before it called execve()",
			name);
	purser_close(s.stream.events);
	return err;
}
