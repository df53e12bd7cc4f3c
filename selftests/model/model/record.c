// SPDX-License-Identifier: GPL-2.0
/* Compares a record of the kernel with the book. */
#include <inttypes.h>
#include <string.h>

#include "model.h"

#define SAME(field, format)                                                  \
	do {                                                                 \
		if (c->field != want->field)                                 \
			wrong("%s of %s (id %" PRIu64 "): " #field           \
			      " is " format ", not " format,                 \
			      where, b->name, b->id, c->field, want->field); \
	} while (0)

#define HOLDS(condition)                                       \
	do {                                                   \
		if (!(condition))                              \
			wrong("%s of %s (id %" PRIu64          \
			      "): this is false: " #condition, \
			      where, b->name, b->id);          \
	} while (0)

static void check_killer(const char *where, const struct book *b,
			 const struct killer *want,
			 const struct purser_container *c)
{
	if (c->has_killer == want->seen &&
	    (!want->seen ||
	     (c->killer.pid == want->pid && c->killer.uid == want->uid &&
	      !strcmp(c->killer.comm, want->comm))))
		return;
	wrong("%s of %s (id %" PRIu64 "): killer is %s pid %d uid %u (%s), "
	      "not %s pid %d uid %u (%s)",
	      where, b->name, b->id, c->has_killer ? "seen" : "unseen",
	      c->killer.pid, c->killer.uid, c->killer.comm,
	      want->seen ? "seen" : "unseen", want->pid, want->uid, want->comm);
}

/* Values that must not decrease, and the order of times. */
static void check_course(const char *where, struct book *b,
			 const struct want *want,
			 const struct purser_container *c)
{
	HOLDS(c->soft_held + b->soft_events == c->soft_crossings);
	HOLDS(!c->outside);
	HOLDS(c->usage <= c->peak);
	HOLDS(c->usage <= c->rss);
	HOLDS(c->peak >= b->peak);
	HOLDS(c->cpu_time >= b->cpu_time);
	HOLDS(c->registered_at);
	HOLDS(!b->registered_at || c->registered_at == b->registered_at);
	HOLDS(!b->started_at || c->started_at == b->started_at);
	HOLDS(!b->exited_at || c->exited_at == b->exited_at);
	HOLDS(!!c->started_at == want->started);
	HOLDS(!c->started_at ||
	      (c->started_at < c->registered_at) == b->started_before);
	HOLDS(!!c->exited_at == (want->state == PURSER_STATE_EXITED));
	HOLDS(!c->exited_at || c->registered_at <= c->exited_at);
	HOLDS(!c->exited_at || c->started_at <= c->exited_at);
	HOLDS(!c->exited_at || (!c->usage && !c->rss));
	b->peak = c->peak;
	b->cpu_time = c->cpu_time;
	b->registered_at = c->registered_at;
	b->started_at = c->started_at;
	b->exited_at = c->exited_at;
}

/** check_record() - the record, read from @where, must fit @want */
void check_record(const char *where, struct book *b, const struct want *want,
		  const struct purser_container *c)
{
	if (strcmp(c->name, b->name))
		wrong("%s of id %" PRIu64 ": the name is %s, not %s", where,
		      b->id, c->name, b->name);
	HOLDS(c->pid == b->pid);
	HOLDS(c->pidns == b->inode);
	SAME(state, "%u");
	SAME(reason, "%u");
	SAME(exit_code, "%d");
	SAME(signal, "%d");
	SAME(forced, "%d");
	SAME(no_handler, "%d");
	SAME(oom_scope, "%u");
	SAME(soft_limit, "%" PRIu64);
	SAME(hard_limit, "%" PRIu64);
	if (c->soft_crossings != want->crossings)
		wrong("%s of %s (id %" PRIu64 "): %" PRIu64
		      " crossings, not %" PRIu64,
		      where, b->name, b->id, c->soft_crossings,
		      want->crossings);
	if (c->processes < want->least || c->processes > want->most)
		wrong("%s of %s (id %" PRIu64 "): %u processes, not %u to %u",
		      where, b->name, b->id, c->processes, want->least,
		      want->most);
	check_killer(where, b, &want->killer, c);
	check_course(where, b, want, c);
}

/** check_memory() - the usage in an event must fit the event's type */
void check_memory(const char *where, const struct book *b,
		  const struct purser_event *e)
{
	const struct purser_container *c = &e->container;

	if (e->type == PURSER_EVENT_SOFT_LIMIT)
		HOLDS(c->usage >= c->soft_limit);
	else if (e->type == PURSER_EVENT_SOFT_CLEAR)
		HOLDS(c->usage < c->soft_limit - c->soft_limit / 8);
	else if (e->type == PURSER_EVENT_HARD_LIMIT)
		HOLDS(c->usage > c->hard_limit);
	/*
	 * An event about the soft limit may come up to a second late. The process that had the
	 * ballast may have been killed since.
	 */
	if (e->type == PURSER_EVENT_SOFT_LIMIT)
		HOLDS(c->usage <=
		      b->most_ballast + MOST_OF_ONE * (b->processes + 2));
	if (e->type == PURSER_EVENT_HARD_LIMIT)
		HOLDS(c->usage <=
		      ballast_of(b) + MOST_OF_ONE * (b->processes + 1));
}
