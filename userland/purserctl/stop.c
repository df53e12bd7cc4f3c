// SPDX-License-Identifier: GPL-2.0
/*
 * Stopping, and waiting for the end. The events are joined before the stop is
 * sent, so the end cannot be missed; should numbers be lost all the same, the
 * record itself is asked.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "commands.h"
#include "view/display.h"
#include "view/json.h"
#include "output.h"
#include "base/report.h"
#include "libpurser/stream.h"

/* struct ending - the end of one container, waited for */
struct ending {
	struct purser_stream stream;
	struct purser_ref ref; /* by its id: names are used again */
	int fd;		       /* readable when events wait */
	bool ended;
	bool unregistered;	      /* nobody will tell of its end now */
	struct purser_container last; /* its record, final once it ended */
};

static int on_event(const struct purser_event *e, void *arg)
{
	struct ending *end = arg;

	if (e->container.id != end->ref.id)
		return 0;
	if (e->type == PURSER_EVENT_EXITED) {
		end->last = e->container;
		end->ended = true;
	} else if (e->type == PURSER_EVENT_UNREGISTERED) {
		end->unregistered = !end->ended;
	}
	return 0;
}

/* Its last event may be among those that nobody has any more. */
static int on_lost(uint64_t first, uint64_t last, void *arg)
{
	struct ending *end = arg;
	struct purser_container c;
	int err = purser_get(end->stream.commands, &end->ref, &c);

	(void)first;
	(void)last;
	if (!err && c.state == PURSER_STATE_EXITED) {
		end->last = c;
		end->ended = true;
	}
	if (err != -ENOENT)
		return err;
	end->unregistered = !end->ended;
	return 0;
}

/* Be told of every event from now on. */
static int listen_for_end(struct ending *end)
{
	struct purser_stream *s = &end->stream;
	struct purser_info info;
	int err;

	s->event = on_event;
	s->lost = on_lost;
	s->arg = end;
	err = purser_get_info(s->commands, &info);
	if (err)
		return err;
	s->last = info.events;
	purser_info_free(&info);
	end->fd = purser_events_join(s->events, 0);
	return end->fd < 0 ? end->fd : purser_stream_catch_up(s);
}

static int wait_for_end(struct ending *end)
{
	struct pollfd pollfd = { .fd = end->fd, .events = POLLIN };
	int err = 0;

	while (!err && !end->ended && !end->unregistered) {
		if (poll(&pollfd, 1, -1) < 0 && errno != EINTR)
			return -errno;
		err = purser_stream_read(&end->stream);
	}
	return err;
}

static int print_end(const struct args *args, const struct purser_container *c)
{
	char buf[DISPLAY_LEN];

	if (args->given & OPT_JSON)
		return output_finish(output_json(purser_container_json(c)));
	printf("%s: %s\n", c->name, display_reason(c, buf));
	return output_finish(0);
}

static int stop_and_wait(const struct args *args, struct ending *end)
{
	struct purser_stream *s = &end->stream;
	int err = listen_for_end(end);

	if (!err)
		err = purser_stop(s->commands, &end->ref, args->signal,
				  args->grace_ms);
	if (err)
		return fail_on(err, purser_stream_last_error(s), "stop",
			       &args->ref);
	err = wait_for_end(end);
	if (err)
		return fail_on(err, purser_stream_last_error(s),
			       "wait for the end of", &args->ref);
	if (!end->ended)
		return fail_on(-ENOENT, "it is not in the table any more",
			       "wait for the end of", &args->ref);
	return print_end(args, &end->last);
}

static int stop_at_once(const struct args *args, struct ending *end)
{
	struct purser *p = end->stream.commands;
	struct purser_container c;
	int err = purser_stop(p, &end->ref, args->signal, args->grace_ms);

	if (err)
		return fail_on(err, purser_last_error(p), "stop", &args->ref);
	if (!(args->given & OPT_JSON))
		return EXIT_OK;
	err = purser_get(p, &end->ref, &c);
	if (err)
		return fail_on(err, purser_last_error(p), "read the record of",
			       &args->ref);
	return output_finish(output_json(purser_container_json(&c)));
}

int cmd_stop(const struct args *args)
{
	struct ending end = { 0 };
	struct purser_stream *s = &end.stream;
	int code = connect_table(&s->commands), err;

	if (code)
		return code;
	err = purser_get(s->commands, &args->ref, &end.last);
	if (err) {
		code = fail_on(err, purser_last_error(s->commands), "stop",
			       &args->ref);
		goto out;
	}
	end.ref.id = end.last.id;
	if (args->given & OPT_NO_WAIT) {
		code = stop_at_once(args, &end);
		goto out;
	}
	code = connect_table(&s->events);
	if (!code)
		code = stop_and_wait(args, &end);
out:
	purser_close(s->events);
	purser_close(s->commands);
	return code;
}
