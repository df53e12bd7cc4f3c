// SPDX-License-Identifier: LGPL-2.1
/* Waiting for the end of one container, and a pidfd of its init. */
#include <errno.h>
#include <poll.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "stream.h"
#include "transport.h"

int purser_last_event(struct purser *p, uint64_t *seq)
{
	struct purser_info info;
	int err = purser_get_info(p, &info);

	if (err)
		return err;
	*seq = info.events;
	purser_info_free(&info);
	return 0;
}

/* struct ending - one call of purser_wait() */
struct ending {
	struct purser_stream stream;
	struct purser_ref ref; /* by id, because a name can be used again */
	bool ended;
	bool unregistered; /* there will be no event of its end */
	struct purser_container *last;
};

static int on_event(const struct purser_event *e, void *arg)
{
	struct ending *end = arg;

	if (e->container.id != end->ref.id)
		return 0;
	if (e->type == PURSER_EVENT_EXITED) {
		*end->last = e->container;
		end->ended = true;
	} else if (e->type == PURSER_EVENT_UNREGISTERED) {
		end->unregistered = true;
	}
	return 0;
}

/* The log may have dropped the event, or it came before the events that we read. */
static int look_at_record(struct ending *end)
{
	struct purser_container c;
	int err = purser_get(end->stream.commands, &end->ref, &c);

	if (!err && c.state == PURSER_STATE_EXITED) {
		*end->last = c;
		end->ended = true;
	}
	if (err != -ENOENT)
		return err;
	end->unregistered = true;
	return 0;
}

static int on_lost(uint64_t first, uint64_t last, void *arg)
{
	(void)first;
	(void)last;
	return look_at_record(arg);
}

/* Join before reading the log, so that no event is missed in between. */
static int wait_for_end(struct ending *end)
{
	struct purser_stream *s = &end->stream;
	struct pollfd pollfd = { .events = POLLIN };
	int err;

	pollfd.fd = purser_events_join(s->events, 0);
	err = pollfd.fd < 0 ? pollfd.fd : purser_stream_catch_up(s);
	if (!err && !end->ended)
		err = look_at_record(end);
	while (!err && !end->ended && !end->unregistered) {
		if (poll(&pollfd, 1, -1) < 0 && errno != EINTR)
			return transport_fail(s->commands, -errno, NULL);
		err = purser_stream_read(s);
	}
	/* The caller can ask only this handle for the error's text. */
	if (err && !s->commands->err)
		transport_fail(s->commands, err, purser_stream_last_error(s));
	return err;
}

int purser_wait(struct purser *p, uint64_t id, uint64_t since,
		struct purser_container *last)
{
	struct ending end = {
		.stream = {
			.commands = p,
			.last = since,
			.event = on_event,
			.lost = on_lost,
			.arg = &end,
		},
		.ref.id = id,
		.last = last,
	};
	int err = transport_begin(p, false);

	if (!err && since == PURSER_FROM_NOW)
		err = purser_last_event(p, &end.stream.last);
	if (err)
		return err;
	err = purser_open(&end.stream.events);
	if (err)
		return transport_fail(p, err, purser_last_error(NULL));
	err = wait_for_end(&end);
	purser_close(end.stream.events);
	if (err || end.ended)
		return err;
	return transport_fail(p, -ENOENT, "it was unregistered");
}

static int ended(struct purser *p)
{
	return transport_fail(p, -ESRCH, "it has ended");
}

int purser_pidfd(struct purser *p, const struct purser_ref *ref,
		 struct purser_container *record)
{
	struct purser_ref same = { 0 };
	int fd, open_err, err = purser_get(p, ref, record);

	if (err)
		return err;
	if (record->state == PURSER_STATE_EXITED)
		return ended(p);
	same.id = record->id;
	fd = pidfd_open(record->pid, 0);
	open_err = fd < 0 ? -errno : 0;
	err = purser_get(p, &same, record);
	if (!err && record->state == PURSER_STATE_EXITED)
		err = ended(p);
	else if (!err && open_err)
		err = transport_fail(p, open_err, NULL);
	if (!err)
		return fd;
	if (fd >= 0)
		close(fd);
	return err;
}
