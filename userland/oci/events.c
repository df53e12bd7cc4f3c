// SPDX-License-Identifier: GPL-2.0
/*
 * The command events: statistics at intervals, and what the kernel reports of the
 * container, one JSON object a line.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/object.h"
#include "base/standard.h"
#include "commands.h"
#include "container.h"
#include "stats_json.h"

/** struct watch - a container whose events are printed */
struct watch {
	struct oci_container *container;
	struct purser *events;
	bool ended;
};

static int print_line(const struct oci_container *c, const char *type,
		      struct json_object *data, struct failure *failure)
{
	struct object o = object_new();
	struct json_object *json;
	const char *text;
	int err;

	object_add_string(&o, "type", type);
	object_add_string(&o, "id", c->folder.id);
	if (data)
		object_add(&o, "data", data);
	json = object_done(&o);
	text = json_line(json, NULL);
	if (text)
		puts(text);
	json_object_put(json);
	if (!text)
		return failed_errno(failure, -ENOMEM, "printing an event");
	err = standard_flush();
	return err ? failed_errno(failure, err, "printing an event") : 0;
}

static int print_stats(const struct oci_container *c, struct failure *failure)
{
	struct cgroup_stats stats;
	struct json_object *json;

	if (cgroup_stats_read(c->cgroup.fd, &stats, failure))
		return -1;
	json = stats_json(&stats);
	cgroup_stats_free(&stats);
	if (!json)
		return failed_errno(failure, -ENOMEM, "printing statistics");
	return print_line(c, "stats", json, failure);
}

/* runc calls it "oom" if the kernel's OOM killer has ended the container. */
static int on_event(const struct purser_event *event, void *arg)
{
	struct watch *watch = arg;
	const struct purser_container *c = &event->container;
	struct failure failure;

	if (c->id != watch->container->record.id)
		return 0;
	if (print_line(watch->container, purser_event_name(event->type), NULL,
		       &failure))
		return -EPIPE;
	if (event->type != PURSER_EVENT_EXITED)
		return 0;
	watch->ended = true;
	if (c->reason == PURSER_REASON_OOM_KILLED &&
	    print_line(watch->container, "oom", NULL, &failure))
		return -EPIPE;
	return 0;
}

static int read_events(struct watch *watch, struct failure *failure)
{
	int err = purser_events_read(watch->events, on_event, watch);

	/* Some are lost: the record says whether the end was among them. */
	if (err == -ENOBUFS) {
		if (container_look(watch->container, failure))
			return -1;
		watch->ended |= !container_is_live(watch->container);
		err = 0;
	}
	return err ? failed_errno(failure, err, "reading events") : 0;
}

static int follow(struct watch *watch, unsigned int interval_ms,
		  struct failure *failure)
{
	struct pollfd p = { .events = POLLIN };
	int64_t next = 0;

	p.fd = purser_events_join(watch->events, 0);
	if (p.fd < 0)
		return failed(failure, EXIT_FAILED, "joining the events: %s",
			      purser_last_error(watch->events));
	/* It may have ended before we have joined. */
	if (container_look(watch->container, failure))
		return -1;
	watch->ended = !container_is_live(watch->container);
	while (!watch->ended) {
		int64_t now = clock_ns(CLOCK_MONOTONIC);

		if (now >= next) {
			if (print_stats(watch->container, failure))
				return -1;
			next = now + interval_ms * NSEC_PER_MSEC;
		}
		if (poll(&p, 1, (int)((next - now) / NSEC_PER_MSEC) + 1) < 0 &&
		    errno != EINTR)
			return failed_errno(failure, -errno,
					    "waiting for events");
		if (p.revents && read_events(watch, failure))
			return -1;
	}
	return 0;
}

static int watch(struct oci_container *c, unsigned int interval_ms,
		 struct failure *failure)
{
	struct watch watch = { .container = c };
	int err;

	if (record_table(&watch.events, failure))
		return -1;
	err = follow(&watch, interval_ms, failure);
	purser_close(watch.events);
	return err;
}

int oci_events(const struct oci_options *options, struct failure *failure)
{
	struct oci_container c;
	int err;

	if (container_open(&c, options, false, failure))
		return -1;
	if (!container_is_live(&c))
		err = failed(failure, EXIT_FAILED,
			     "container \"%s\": container not running",
			     options->id);
	else if (options->stats)
		err = print_stats(&c, failure);
	else
		err = watch(&c, options->interval_ms, failure);
	container_close(&c);
	return err ? -1 : EXIT_OK;
}
