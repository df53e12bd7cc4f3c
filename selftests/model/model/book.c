// SPDX-License-Identifier: GPL-2.0
/* The books: what the records of containers must have, and which events must come. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

struct book **books;
size_t n_books;
unsigned int n_live;
unsigned int n_ended;
unsigned int exit_records;
const struct killer the_kernel = { .seen = true, .comm = "kernel" };

static size_t room;

/** new_book() - make the book of a container that was just registered */
struct book *new_book(uint64_t id, const char *name, struct process *init)
{
	struct book *b = calloc(1, sizeof(*b));

	if (!b)
		wrong("out of memory");
	if (n_books && id <= books[n_books - 1]->id)
		wrong("%s got id %llu, after id %llu", name,
		      (unsigned long long)id,
		      (unsigned long long)books[n_books - 1]->id);
	b->id = id;
	snprintf(b->name, sizeof(b->name), "%s", name);
	b->pid = init->pid;
	b->init = init;
	b->inode = init->space->inode;
	b->present = true;
	init->pending_from.seen =
		false; /* it was sent before the registration */
	if (init->space->init == init) {
		b->space = init->space;
		b->space->book = b;
	}
	/* The module treats a container without a namespace as started. */
	b->started_before = init->executed || !b->space;
	b->want.exit_code = -1;
	b->want.state = b->started_before ? PURSER_STATE_RUNNING :
					    PURSER_STATE_STARTING;
	b->want.started = b->started_before;
	b->next = b->want;
	TAILQ_INIT(&b->expected);
	books = grow_array(books, n_books, &room, sizeof(*books));
	books[n_books++] = b;
	n_live++;
	return b;
}

struct book *find_book(uint64_t id)
{
	size_t low = 0, high = n_books;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (books[mid]->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n_books && books[low]->id == id ? books[low] : NULL;
}

/** find_name() - the live container of that name, else the last one that ended */
struct book *find_name(const char *name)
{
	struct book *found = NULL;
	size_t i;

	for (i = 0; i < n_books; i++) {
		struct book *b = books[i];

		if (!b->present || strcmp(b->name, name))
			continue;
		if (!b->rank)
			return b;
		if (!found || b->rank > found->rank)
			found = b;
	}
	return found;
}

static struct book *pick(bool live)
{
	unsigned int n = live ? n_live - 1 : n_ended;
	size_t i;

	if (!n)
		return NULL;
	n = below(n);
	for (i = 0; i < n_books; i++)
		if (books[i]->present && !books[i]->rank == live &&
		    books[i] != anchor && !n--)
			return books[i];
	return NULL;
}

/** any_live() - a random live container, but not the anchor; NULL if there is none */
struct book *any_live(void)
{
	return pick(true);
}

struct book *any_ended(void)
{
	return pick(false);
}

/** any_member() - a random member; NULL if there is none */
struct process *any_member(struct book *b, bool init_too)
{
	unsigned int n = b->processes - (!init_too && b->init);
	struct process *p;

	if (!n)
		return NULL;
	n = below(n);
	TAILQ_FOREACH(p, &processes, all)
		if (p->book == b && (init_too || p != b->init) && !n--)
			return p;
	wrong("the model is wrong: it has miscounted the members");
}

/* Whether @q would be a member if @p were registered. */
static bool would_belong(const struct process *q, const struct process *p)
{
	return !q->book &&
	       (p->space->init == p ? is_within(q->space, p->space) :
				      descends(q, p));
}

static unsigned int count_family(const struct process *p)
{
	unsigned int n = 0;
	struct process *q;

	TAILQ_FOREACH(q, &processes, all)
		n += would_belong(q, p);
	return n;
}

static bool is_free(const struct process *p)
{
	return !p->book && !book_of_space(p->space) &&
	       (!p->space->up || (p->space->init == p && !p->space->up->up)) &&
	       count_family(p) <= MOST_MEMBERS;
}

/** any_free() - a random process of an earlier container that can be registered */
struct process *any_free(void)
{
	unsigned int n = 0;
	struct process *p;

	TAILQ_FOREACH(p, &processes, all)
		n += is_free(p);
	if (!n)
		return NULL;
	n = below(n);
	TAILQ_FOREACH(p, &processes, all)
		if (is_free(p) && !n--)
			break;
	return p;
}

uint64_t ballast_of(const struct book *b)
{
	uint64_t sum = 0;
	struct process *p;

	TAILQ_FOREACH(p, &processes, all)
		if (p->book == b)
			sum += p->ballast;
	return sum;
}

void join_book(struct book *b, struct process *p)
{
	p->book = b;
	b->processes++;
}

/** leave_book() - @p is dead: remove it from its container, keep its CPU time */
void leave_book(struct process *p)
{
	struct book *b = p->book;

	if (!b)
		return;
	b->processes--;
	if (p->burnt) {
		b->burnt += p->burnt;
		b->burners++;
	}
	p->book = NULL;
}

/** book_of_space() - the container that has this namespace or one above it */
struct book *book_of_space(const struct space *s)
{
	for (; s && s->up; s = s->up)
		if (s->book)
			return s->book;
	return NULL;
}

/** adopt() - add the processes that belong to a new container already */
void adopt(struct book *b)
{
	struct process *p;

	TAILQ_FOREACH(p, &processes, all)
		if (would_belong(p, b->init))
			join_book(b, p);
}

/** release() - remove all members of a container that has ended or was unregistered */
void release(struct book *b)
{
	struct process *p;

	TAILQ_FOREACH(p, &processes, all)
		if (p->book == b) {
			p->book = NULL;
			b->processes--;
		}
	if (b->space)
		b->space->book = NULL;
	b->space = NULL;
	b->init = NULL;
}

/**
 * expect() - an event of a container must come, with the record @b->next
 * It must come after all events of this container that are already expected.
 */
struct expected *expect(struct book *b, enum purser_event_type type)
{
	struct expected *e = calloc(1, sizeof(*e));

	if (!e)
		wrong("out of memory");
	b->next.least = b->next.most = b->processes;
	e->type = type;
	e->n_forms = 1;
	e->forms[0] = b->next;
	TAILQ_INSERT_TAIL(&b->expected, e, all);
	n_expected++;
	return e;
}

static bool is_above(const struct book *b, uint64_t limit)
{
	return limit == LOW || (limit == MID && ballast_of(b) >= WEIGHT);
}

/** expect_limits() - expect the events that follow from its memory and its limits */
void expect_limits(struct book *b)
{
	struct want *next = &b->next;
	const uint64_t ballast = ballast_of(b);

	if (ballast > b->most_ballast)
		b->most_ballast = ballast;
	if (b->hard_reached || next->state == PURSER_STATE_EXITED)
		return;
	/* Events about the soft limit come later: at most one a second. */
	if (!next->soft_limit) {
		b->soft_reached = b->soft_told = false;
	} else if (is_above(b, next->soft_limit) && !b->soft_reached) {
		b->soft_reached = true;
		b->reach_untold = !b->soft_told;
		next->crossings = ++b->crossings;
	} else if (!is_above(b, next->soft_limit) && b->soft_reached) {
		b->soft_reached = false;
		b->fall_untold = b->soft_told;
	}
	if (!next->hard_limit || !is_above(b, next->hard_limit))
		return;
	b->hard_reached = b->killed = true;
	if (next->state != PURSER_STATE_STOPPING)
		next->state = PURSER_STATE_KILLING;
	/* The module kills first, so that some processes may be dead in the event. */
	expect(b, PURSER_EVENT_HARD_LIMIT)->forms[0].least = 1;
	if (b->headless)
		expect_last(b);
	else
		expect_end(b, -1, SIGKILL, &the_kernel);
}

static enum purser_reason reason_of(const struct book *b, int signal)
{
	if (b->next.state == PURSER_STATE_STOPPING)
		return PURSER_REASON_STOPPED;
	if (b->next.state == PURSER_STATE_KILLING)
		return PURSER_REASON_HARD_LIMIT_KILLED;
	if (b->next.oom_scope)
		return PURSER_REASON_OOM_KILLED;
	return signal ? PURSER_REASON_KILLED : PURSER_REASON_EXITED;
}

/* Whether other processes outlive the first one: without a namespace, if not killed. */
static bool outlives_init(const struct book *b)
{
	return !b->space && b->processes > 1 && !b->killed;
}

/**
 * expect_end() - the first process dies
 * @code: the exit code; -1 if a signal kills it
 * @signal: 0 if it exits
 * @killer: NULL if there is none, or if the module cannot know it
 * The first cause, which is in @b->next, is the reason.
 */
void expect_end(struct book *b, int code, int signal,
		const struct killer *killer)
{
	struct want end = b->next;
	struct expected *e;

	end.reason = reason_of(b, signal);
	if (end.reason != PURSER_REASON_OOM_KILLED)
		end.oom_scope = 0;
	end.state = PURSER_STATE_EXITED;
	end.exit_code = code;
	end.signal = signal;
	end.killer = killer ? *killer : (struct killer){ 0 };
	if (outlives_init(b)) {
		b->headless = true;
		b->ends[0] = end;
		b->n_ends = 1;
		b->next.oom_scope = 0;
		return;
	}
	b->next = end;
	e = expect(b, PURSER_EVENT_EXITED);
	e->forms[0].least = e->forms[0].most = 0;
}

/**
 * expect_last() - the last process of a headless container dies
 * The reason is a stop or a limit after the first process' death, if there was one. The
 * exit status is that of the first process.
 */
void expect_last(struct book *b)
{
	bool caused = b->next.state == PURSER_STATE_STOPPING ||
		      b->next.state == PURSER_STATE_KILLING;
	enum purser_reason reason = reason_of(b, 0);
	struct expected *e;
	size_t i;

	b->next.state = PURSER_STATE_EXITED;
	e = expect(b, PURSER_EVENT_EXITED);
	e->n_forms = b->n_ends;
	for (i = 0; i < b->n_ends; i++) {
		struct want *form = &e->forms[i], *end = &b->ends[i];

		*form = b->next;
		form->reason = caused ? reason : end->reason;
		form->exit_code = end->exit_code;
		form->signal = end->signal;
		form->killer = end->killer;
		form->oom_scope = caused ? 0 : end->oom_scope;
		form->least = form->most = 0;
	}
	b->next = e->forms[0];
}

/** or_else() - the expected end may also come by another signal */
void or_else(struct book *b, int signal, const struct killer *killer)
{
	struct expected *e = TAILQ_LAST(&b->expected, expecteds);
	struct want *form = b->headless ? &b->ends[b->n_ends++] :
					  &e->forms[e->n_forms++];

	*form = b->headless ? b->ends[0] : e->forms[0];
	form->signal = signal;
	form->killer = *killer;
}

struct killer killer_of(const struct process *p)
{
	struct killer k = { .seen = true, .pid = p->pid, .uid = p->uid };

	memcpy(k.comm, p->comm, sizeof(k.comm));
	return k;
}
