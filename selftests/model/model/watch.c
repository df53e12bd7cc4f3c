// SPDX-License-Identifier: GPL-2.0
/*
 * Watches the kernel: compares each event with the expected one, and the table and the
 * counters at check points.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model.h"

/* The CPU time that a process may have used and that is not counted, in ns. */
#define TICK 10000000ULL

struct purser *purser;
unsigned int n_expected;

static struct purser *listener;
static int listener_fd;
static time_t patience = 60; /* how many seconds the model waits for an event */

/* --- Events --- */

static const char *forms_of(const struct expected *e)
{
	return e->n_forms > 1 ? "one of the forms of " : "";
}

/* Whether the record is of that form: forms differ in signal and killer. */
static bool is_form(const struct want *form, const struct purser_container *c)
{
	return c->signal == form->signal &&
	       c->has_killer == form->killer.seen &&
	       c->killer.pid == form->killer.pid;
}

static void on_end(struct book *b)
{
	b->rank = step + 1;
	n_live--;
	n_ended++;
}

/* The oldest record must be dropped; of those that ended in the same step, any. */
static void on_drop(struct book *b, const struct purser_event *e)
{
	size_t i;

	if (!b->present || !b->rank)
		wrong("%s (id %" PRIu64 ") is dropped, but has not ended",
		      b->name, b->id);
	if (n_ended <= exit_records)
		wrong("%s is dropped, but only %u have ended, of %u", b->name,
		      n_ended, exit_records);
	for (i = 0; i < n_books; i++)
		if (books[i]->present && books[i]->rank &&
		    books[i]->rank < b->rank)
			wrong("%s (id %" PRIu64 ") is dropped before %s (id "
			      "%" PRIu64 "), which ended first",
			      b->name, b->id, books[i]->name, books[i]->id);
	b->want.least = b->want.most = 0;
	check_record("record_dropped", b, &b->want, &e->container);
	b->present = false;
	n_ended--;
}

/*
 * Whether processes are dying: they give their memory back some time before the event of
 * their end, so that usage may fall below the soft limit meanwhile.
 */
static bool is_dying(const struct book *b)
{
	struct expected *x = TAILQ_FIRST(&b->expected);

	return (x && x->type == PURSER_EVENT_EXITED) ||
	       (b->headless && b->init);
}

/*
 * An event of the soft limit: usage reached it or fell below it. At most one such event
 * comes in a second, and it reports the state at that time. It may come between other
 * events. A change that was undone meanwhile makes no event.
 */
static void on_soft(struct book *b, const struct purser_event *e)
{
	const char *what = purser_event_name(e->type);
	bool reached = e->type == PURSER_EVENT_SOFT_LIMIT;
	struct want want = b->want;

	if (b->soft_told == reached ||
	    !(reached ? b->reach_untold : b->fall_untold || is_dying(b)))
		wrong("%s of %s (id %" PRIu64
		      ") comes, but the limit was %s, and is %s",
		      what, b->name, b->id,
		      b->soft_told ? "reported as reached" : "not reported",
		      b->soft_reached ? "reached" : "not reached");
	if (b->soft_at && e->time < b->soft_at + 1000000000)
		wrong("%s of %s (id %" PRIu64 ") comes %" PRIu64
		      " ns after the last such event",
		      what, b->name, b->id, e->time - b->soft_at);
	b->soft_at = e->time;
	b->soft_told = reached;
	b->soft_events += reached;
	b->reach_untold = b->soft_reached && !reached;
	b->fall_untold = !b->soft_reached && reached;
	want.least = 0;
	want.most = MOST_MEMBERS;
	/* soft_clear may come just before the limit is reached again. */
	want.crossings = b->crossings;
	if (!reached && b->soft_reached &&
	    e->container.soft_crossings + 1 == b->crossings)
		want.crossings--;
	check_record(what, b, &want, &e->container);
	check_memory(what, b, e);
	b->want.crossings = want.crossings;
}

static void on_expected(struct book *b, const struct purser_event *e)
{
	struct expected *x = TAILQ_FIRST(&b->expected);
	const char *what = purser_event_name(e->type);
	size_t i = 0;

	if (!x || x->type != e->type)
		wrong("%s of %s (id %" PRIu64 ") comes, expected was %s%s; it "
		      "has %u processes and %" PRIu64 " bytes",
		      what, b->name, b->id, x ? forms_of(x) : "",
		      x ? purser_event_name(x->type) : "none",
		      e->container.processes, e->container.usage);
	while (i < x->n_forms - 1 && !is_form(&x->forms[i], &e->container))
		i++;
	check_record(what, b, &x->forms[i], &e->container);
	check_memory(what, b, e);
	b->want = x->forms[i];
	TAILQ_REMOVE(&b->expected, x, all);
	free(x);
	n_expected--;
	if (TAILQ_EMPTY(&b->expected)) {
		b->next = b->want;
		b->next.crossings = b->crossings;
	}
	if (e->type == PURSER_EVENT_EXITED)
		on_end(b);
	if (e->type == PURSER_EVENT_UNREGISTERED) {
		b->present = false;
		if (b->rank)
			n_ended--;
		else
			n_live--;
	}
}

static int on_logged(const struct purser_event *e, void *last_time)
{
	struct book *b = find_book(e->container.id);
	uint64_t *last = last_time;

	if (e->seq != n_events + 1)
		wrong("event %" PRIu64 " comes after event %" PRIu64, e->seq,
		      n_events);
	if (e->time < *last)
		wrong("event %" PRIu64
		      " has a smaller time than the one before",
		      e->seq);
	*last = e->time;
	keep_logged(e);
	if (!b)
		wrong("%s of id %" PRIu64 ", which was never registered",
		      purser_event_name(e->type), e->container.id);
	note("event %" PRIu64 " %s of %s (id %" PRIu64 ")", e->seq,
	     purser_event_name(e->type), b->name, b->id);
	if (e->type == PURSER_EVENT_RECORD_DROPPED)
		on_drop(b, e);
	else if (e->type == PURSER_EVENT_SOFT_LIMIT ||
		 e->type == PURSER_EVENT_SOFT_CLEAR)
		on_soft(b, e);
	else
		on_expected(b, e);
	return 0;
}

static void take_events(void)
{
	static uint64_t last_time;

	must(purser_events_read(listener, keep_sent, NULL), "events sent");
	must(purser_events_since(purser, n_events, on_logged, &last_time),
	     "events logged");
	compare_sent();
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Waits for the next event, but at most a moment. Fails if @end has passed. */
static void wait_for_more(time_t end, const char *what)
{
	struct pollfd p = { .fd = listener_fd, .events = POLLIN };
	size_t i;

	if (poll(&p, 1, 1) < 0 && errno != EINTR)
		must(-errno, "poll");
	if (now() < end)
		return;
	for (i = 0; i < n_books; i++) {
		struct expected *x = TAILQ_FIRST(&books[i]->expected);

		if (x)
			wrong("there was no %s of %s (id %" PRIu64 ")",
			      purser_event_name(x->type), books[i]->name,
			      books[i]->id);
	}
	wrong("there was never %s", what);
}

/** settle() - wait until all expected events have come; any other event is an error */
void settle(void)
{
	time_t end = now() + patience;

	take_events();
	while (n_expected) {
		wait_for_more(end, "an event");
		take_events();
	}
}

/** settle_soft() - wait for an event if the last one about the soft limit is outdated */
void settle_soft(struct book *b)
{
	time_t end = now() + patience;
	char what[256];

	snprintf(what, sizeof(what),
		 "an event of the soft limit of %s, which %s", b->name,
		 b->soft_reached ? "is reached" : "is not reached");
	settle();
	while (!b->rank && b->present && b->soft_told != b->soft_reached) {
		wait_for_more(end, what);
		take_events();
	}
}

/*
 * Makes a request that takes the table's mutex: when it returns, the module has finished
 * the work on the table that it began before.
 */
static void pass_the_table(void)
{
	struct purser_registration reg = {
		.name = anchor->name,
		.pid = killers[1].pid,
	};
	uint64_t id;
	int err = purser_register(purser, &reg, &id);

	if (err != -EEXIST)
		wrong("registering a taken name: %s",
		      err ? strerror(-err) : "done");
}

/** settle_table() - likewise, and wait until the counters of the table are right */
void settle_table(void)
{
	time_t end = now() + patience;
	struct purser_info info;
	char what[128];
	bool done;

	for (;;) {
		settle();
		must(purser_get_info(purser, &info), "info");
		snprintf(
			what, sizeof(what),
			"%u live and %u ended records; the kernel has %u and %u",
			n_live, n_ended, info.live, info.ended);
		done = info.live == n_live && info.ended == n_ended &&
		       n_ended <= exit_records &&
		       (n_live || (!info.members && !*info.tracepoints));
		purser_info_free(&info);
		if (done)
			break;
		wait_for_more(end, what);
	}
	if (n_live)
		pass_the_table();
}

/* --- Check points --- */

/* struct listing - the state of reading a list of the table */
struct listing {
	size_t i;
	unsigned int n;
};

static int on_listed(const struct purser_container *c, void *arg)
{
	struct listing *l = arg;
	struct book *b;

	while (l->i < n_books && !books[l->i]->present)
		l->i++;
	if (l->i == n_books || books[l->i]->id != c->id)
		wrong("the table has %s (id %" PRIu64
		      ") instead of id %" PRIu64,
		      c->name, c->id, l->i < n_books ? books[l->i]->id : 0);
	b = books[l->i++];
	b->want.least = b->want.most = b->processes;
	b->want.crossings = b->crossings;
	check_record("the table", b, &b->want, c);
	if (c->cookie_len != b->cookie_len ||
	    memcmp(c->cookie, b->cookie, b->cookie_len))
		wrong("the cookie of %s (id %" PRIu64 ") is wrong", b->name,
		      b->id);
	if (c->cpu_time + b->burners * TICK < b->burnt)
		wrong("%s (id %" PRIu64 ") has %" PRIu64 " ns of CPU time, its "
		      "dead members used %" PRIu64,
		      b->name, b->id, c->cpu_time, b->burnt);
	l->n++;
	return 0;
}

static void check_table(void)
{
	struct listing l = { 0 };

	must(purser_list(purser, 0, on_listed, &l), "list");
	if (l.n != n_live + n_ended)
		wrong("the list has %u records, not %u", l.n, n_live + n_ended);
}

static void check_info(void)
{
	struct purser_info info;
	uint32_t members = 0;
	size_t i;

	for (i = 0; i < n_books; i++)
		members += books[i]->processes;
	must(purser_get_info(purser, &info), "info");
	if (info.live != n_live || info.ended != n_ended)
		wrong("the counters say %u live and %u ended, not %u and %u",
		      info.live, info.ended, n_live, n_ended);
	if (info.members != members)
		wrong("the counters say %u members, not %u", info.members,
		      members);
	if (info.events != n_events || info.events_dropped)
		wrong("the counters say %" PRIu64 " events and %" PRIu64
		      " dropped, not %" PRIu64 " and 0",
		      info.events, info.events_dropped, n_events);
	if (!*info.tracepoints != !n_live)
		wrong("%u containers live, and tracepoints are%s attached",
		      n_live, *info.tracepoints ? "" : " not");
	purser_info_free(&info);
}

/** check_point() - compare the table and the counters with the books */
void check_point(void)
{
	time_t end = now() + patience;
	size_t i;

	settle();
	for (i = 0; i < n_books; i++)
		settle_soft(books[i]);
	check_table();
	check_info();
	for (;;) {
		take_events();
		if (all_were_sent())
			break;
		wait_for_more(end,
			      "a multicast of an event that is in the log");
	}
}

/**
 * start_watching() - open the module, which must be freshly loaded
 * @slow: the factor by which the machine is slower than others
 * @event_log: how many events the log keeps
 */
void start_watching(unsigned int slow, unsigned int event_log)
{
	patience *= slow;
	start_log(event_log);
	must(purser_open(&purser), "the module");
	must(purser_open(&listener), "the module");
	listener_fd = purser_events_join(listener, 1 << 24);
	must(listener_fd, "listening to events");
	check_info();
}
